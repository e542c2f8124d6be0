/** How the staff app is built, served in development and tested. */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { packed } from "./scripts/packed.mjs";

const HUB = "http://127.0.0.1:8080";
const SERVED_BY_THE_HUB = ["/api", "/dicom-web", "/healthz"];

export default defineConfig({
  plugins: [react(), packed(fileURLToPath(new URL("dist", import.meta.url)))],
  // Chrome 109 is the last one for Windows 7, which ten-year-old clinic computers still run.
  build: {
    target: ["chrome109", "safari15"],
    manifest: true,
    chunkSizeWarningLimit: 1200,
  },
  // Cornerstone's loader brings its own workers and must not be bundled ahead of time in development.
  worker: { format: "es" },
  resolve: {
    alias: {
      events: "events/",
      "./useScrollLocker": fileURLToPath(new URL("scripts/no-scroll-lock.mjs", import.meta.url)),
    },
  },
  optimizeDeps: { exclude: ["@cornerstonejs/dicom-image-loader"] },
  server: { proxy: Object.fromEntries(SERVED_BY_THE_HUB.map((path) => [path, { target: HUB }])) },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    // The contrast test reads the tokens; no other style matters to jsdom.
    css: { include: [/tokens\.css/] },
    setupFiles: ["src/testing/setup.ts"],
    testTimeout: 20_000,
  },
});
