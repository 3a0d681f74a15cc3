import { route } from "../route.ts";

export default route({
  paths: ["/p/:project/improve", "/p/:project/improve/:job"],
  rail: { word: "improve", place: 5, href: (project) => `/p/${project}/improve`, steps: ["improved"] },
  load: () => import("./page.tsx"),
});
