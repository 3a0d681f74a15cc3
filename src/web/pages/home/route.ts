import { route } from "../route.ts";

export default route({ paths: ["/p/:project"], rail: { word: "home", place: 1, href: (project) => `/p/${project}` }, load: () => import("./page.tsx") });
