import { route } from "../route.ts";

export default route({
  paths: ["/p/:project/use", "/p/:project/use/keys", "/p/:project/use/batch/:job"],
  rail: { word: "use", place: 8, href: (project) => `/p/${project}/use` },
  load: () => import("./page.tsx"),
});
