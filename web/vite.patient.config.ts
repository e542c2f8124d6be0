/** How the patient's page is built: one script and one style of its own, sharing nothing that a phone would fetch apart. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { joined } from "./scripts/joined.mjs";
import { packed } from "./scripts/packed.mjs";

const DIST = fileURLToPath(new URL("dist", import.meta.url));
const OWN = "patient.json";

export default defineConfig({
  plugins: [joined(DIST, OWN), packed(DIST)],
  build: {
    target: ["chrome109", "safari15"],
    emptyOutDir: false,
    manifest: OWN,
    // The hub writes the page itself and takes the names of its files from the manifest.
    rolldownOptions: { input: ["src/patient/main.ts"] },
    modulePreload: { polyfill: false },
  },
});
