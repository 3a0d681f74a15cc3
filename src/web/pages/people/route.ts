import { route } from "../route.ts";

export default route({ paths: ["/people"], rail: { word: "people", place: 20, below: true, administratorsOnly: true, href: () => "/people" }, load: () => import("./page.tsx") });
