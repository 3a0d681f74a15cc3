import { route } from "../route.ts";

export default route({
  paths: ["/p/:project/model", "/p/:project/model/:model"],
  rail: { word: "model", place: 4, href: (project) => `/p/${project}/model`, steps: ["model"] },
  load: () => import("./page.tsx"),
});
