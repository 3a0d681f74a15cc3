import { route } from "../route.ts";

export default route({ paths: ["/me"], rail: { word: "me", place: 21, below: true, href: () => "/me" }, load: () => import("./page.tsx") });
