import { route } from "../route.ts";

export default route({
  paths: ["/p/:project/label", "/p/:project/label/picture/:picture", "/p/:project/label/:category"],
  bare: true,
  rail: { word: "label", place: 3, href: (project) => `/p/${project}/label`, steps: ["answers"] },
  load: () => import("./page.tsx"),
});
