import { route } from "../route.ts";

export default route({ paths: ["/new"], load: () => import("./page.tsx") });
