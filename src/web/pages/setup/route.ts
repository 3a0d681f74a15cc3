import { route } from "../route.ts";

export default route({ paths: ["/setup"], open: true, load: () => import("./page.tsx") });
