/**
 * Adds up what a person downloads: kilobytes (gzip) of each entry with everything it imports statically, and of each
 * lazy module on top of the entry. Over budget, or a budgeted module that is gone, is red. `optional` modules may be
 * absent, or part of another chunk.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const manifest = read(join(dist, ".vite", "manifest.json"));
const budgets = read(join(root, "budgets.json"));

const kilobytes = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1024;

/** Every file that loading this module brings, following static imports only. */
function filesOf(key, found = new Set()) {
  const chunk = manifest[key];
  if (chunk === undefined || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const css of chunk.css ?? []) found.add(css);
  for (const imported of chunk.imports ?? []) filesOf(imported, found);
  return found;
}

const weigh = (files) => [...files].reduce((sum, file) => sum + kilobytes(file), 0);

let red = false;
function judge(name, weight, budget) {
  const over = weight > budget;
  red ||= over;
  console.log(`${over ? "OVER" : "ok  "} ${name.padEnd(34)} ${weight.toFixed(1).padStart(8)} of ${String(budget)} KB`);
}

const shell = filesOf("index.html");
for (const [entry, budget] of Object.entries(budgets.entry)) {
  if (manifest[entry] === undefined) {
    red = true;
    console.log(`GONE ${entry}`);
  } else judge(entry, weigh(filesOf(entry)), budget);
}
for (const [group, isOptional] of [
  ["lazy", false],
  ["optional", true],
])
  for (const [module, budget] of Object.entries(budgets[group])) {
    if (manifest[module] !== undefined)
      judge(module, weigh([...filesOf(module)].filter((it) => !shell.has(it))), budget);
    else if (!isOptional) {
      red = true;
      console.log(`GONE ${module}: not a lazy chunk of its own any more`);
    }
  }
const worklist = new Set([...shell, ...filesOf("src/reading/index.tsx")]);
judge("to a usable worklist", weigh(worklist), budgets.entry["index.html"]);
process.exit(red ? 1 : 0);
