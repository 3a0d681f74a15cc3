import { route } from "../route.ts";

export default route({ paths: ["/p/:project/settings"], load: () => import("./page.tsx") });
