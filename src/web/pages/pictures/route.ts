import { route } from "../route.ts";

export default route({
  paths: ["/p/:project/pictures"],
  rail: { word: "pictures", place: 2, href: (project) => `/p/${project}/pictures`, also: (project) => `/p/${project}/categories/`, steps: ["pictures"] },
  load: () => import("./page.tsx"),
});
