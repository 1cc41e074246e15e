import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { texts } from "./scripts/texts-plugin.mjs";

const SERVER = process.env.CLEW_SERVER ?? "http://127.0.0.1:8080";
const SERVER_PATHS = ["/v1", "/health", "/openapi.json", "/docs", "/demo", "/c.js", "/c/", "/m/"];

export default defineConfig({
  base: "/app/",
  plugins: [react(), tailwindcss(), texts()],
  build: {
    // The page's policy forbids inline scripts, and every supported browser preloads modules.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true,
    rolldownOptions: {
      output: {
        // What many pages use comes as one file: over HTTP/1.1 every file is a wait of its own.
        codeSplitting: {
          groups: [{ name: "shared", test: /src\/(ui|lib|api)\//, minShareCount: 4 }],
        },
      },
    },
  },
  server: {
    // The server compares Origin with Host: both must stay those of the page.
    proxy: Object.fromEntries(
      SERVER_PATHS.map((path) => [path, { target: SERVER, changeOrigin: false }]),
    ),
  },
});
