import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/app/",
  plugins: [react()],
  build: {
    // The page's policy forbids inline scripts, and every supported browser preloads modules.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: { proxy: { "/health": "http://127.0.0.1:8080", "/v1": "http://127.0.0.1:8080" } },
});
