import { route } from "../route.ts";

export default route({
  paths: ["/p/:project/compare", "/p/:project/compare/:pair"],
  rail: { word: "compare", place: 6, href: (project) => `/p/${project}/compare`, steps: ["checked"] },
  load: () => import("./page.tsx"),
});
