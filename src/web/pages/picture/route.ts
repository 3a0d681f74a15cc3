import { route } from "../route.ts";

export default route({ paths: ["/p/:project/pictures/:picture"], load: () => import("./page.tsx") });
