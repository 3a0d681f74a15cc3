import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Builds src/web into dist/web: files named by their content, no script in the page itself (the server's Content-Security-Policy allows none), nothing from outside. */
export default defineConfig({
  root: "src/web",
  plugins: [react()],
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    manifest: true,
    license: { fileName: "licences.md" },
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: false,
  },
});
