import { defineConfig } from "vitest/config";

/** The switches of the variant `full`. */
const define = {
  FLAG_IDS: "true",
  FLAG_GUARD: "true",
  FLAG_LOADER: "true",
  FLAG_FULL: "true",
  VERSION: '"0.0.0"',
};

export default defineConfig({ define, test: { include: ["test/unit/**/*.test.ts"] } });
