/** The difference of two texts, character by character (longest common subsequence), gathered into runs. Pure. */

export interface Run {
  readonly how: "same" | "new" | "gone";
  readonly text: string;
}

/** Beyond this, the middle is shown as replaced whole: nobody reads a finer difference, and it costs squares. */
const FINE = 1_500;

function commonStart(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length += 1;
  return length;
}

/** Lengths of common subsequences of all ends of both. */
function table(a: readonly string[], b: readonly string[]): readonly Uint16Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const cell = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = rows[i];
      if (row !== undefined) row[j] = a[i] === b[j] ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1));
    }
  return rows;
}

/** What stands at this place: the same in both, gone from the first, or new in the second. */
function stepAt(a: readonly string[], b: readonly string[], rows: readonly Uint16Array[], i: number, j: number): Run {
  const cell = (row: number, column: number) => rows[row]?.[column] ?? 0;
  const [old, next] = [a[i], b[j]];
  if (old === undefined) return { how: "new", text: next ?? "" };
  if (old === next) return { how: "same", text: old };
  if (next === undefined || cell(i + 1, j) >= cell(i, j + 1)) return { how: "gone", text: old };
  return { how: "new", text: next };
}

function fine(a: readonly string[], b: readonly string[]): readonly Run[] {
  const rows = table(a, b);
  const runs: Run[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const run = stepAt(a, b, rows, i, j);
    runs.push(run);
    if (run.how !== "new") i += 1;
    if (run.how !== "gone") j += 1;
  }
  return runs;
}

function gathered(runs: readonly Run[]): readonly Run[] {
  const found: Run[] = [];
  for (const run of runs) {
    const last = found.at(-1);
    if (run.text === "") continue;
    if (last?.how === run.how) found[found.length - 1] = { how: run.how, text: last.text + run.text };
    else found.push(run);
  }
  return found;
}

export function changes(before: string, after: string): readonly Run[] {
  const [a, b] = [Array.from(before), Array.from(after)];
  const start = commonStart(a, b);
  const end = commonStart(a.slice(start).toReversed(), b.slice(start).toReversed());
  const [midA, midB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const middle =
    midA.length * midB.length > FINE * FINE
      ? [{ how: "gone", text: midA.join("") } as const, { how: "new", text: midB.join("") } as const]
      : fine(midA, midB);
  return gathered([
    { how: "same", text: a.slice(0, start).join("") },
    ...middle,
    { how: "same", text: a.slice(a.length - end).join("") },
  ]);
}
