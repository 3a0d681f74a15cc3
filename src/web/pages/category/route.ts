import { route } from "../route.ts";

export default route({ paths: ["/p/:project/categories/:category"], load: () => import("./page.tsx") });
