/** Adds what a second build made to the first one's manifest, where the hub looks for it. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export function joined(dist, own) {
  return {
    name: "joined",
    apply: "build",
    closeBundle() {
      const [all, one] = [join(dist, ".vite", "manifest.json"), join(dist, own)];
      const read = (path) => JSON.parse(readFileSync(path, "utf8"));
      writeFileSync(all, JSON.stringify({ ...read(all), ...read(one) }, null, 2));
      rmSync(one);
    },
  };
}
