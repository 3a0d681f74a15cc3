import { route } from "../route.ts";

export default route({
  paths: ["/p/:project/live", "/p/:project/live/log"],
  rail: { word: "live", place: 7, href: (project) => `/p/${project}/live`, steps: ["live"] },
  load: () => import("./page.tsx"),
});
