import { route } from "../route.ts";

export default route({
  paths: ["/p/:project/report", "/p/:project/report/:version"],
  rail: { word: "report", place: 9, href: (project) => `/p/${project}/report` },
  load: () => import("./page.tsx"),
});
