import { route } from "../route.ts";

export default route({ paths: ["/", "/projects"], load: () => import("./page.tsx") });
