/** Where an arrow leads on a board of tiles that wrap. Pure: it knows places, no document. */

export type Arrow = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

export interface Place {
  readonly left: number;
  readonly top: number;
}

export function isArrow(key: string): key is Arrow {
  return ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(key);
}

/** The nearest row above or below, and in it the tile that is nearest across. */
function across(places: readonly Place[], at: number, down: boolean): number {
  const from = places[at];
  if (from === undefined) return at;
  const beyond = places.flatMap(({ top }) => ((down ? top > from.top : top < from.top) ? [top] : []));
  if (beyond.length === 0) return at;
  const row = down ? Math.min(...beyond) : Math.max(...beyond);
  const gap = (index: number) => Math.abs((places[index]?.left ?? 0) - from.left);
  const inRow = places.flatMap(({ top }, index) => (top === row ? [index] : []));
  return inRow.reduce((best, index) => (gap(index) < gap(best) ? index : best));
}

/** Left and right follow the reading order; up and down the eye. At an edge one stays. */
export function walk(places: readonly Place[], at: number, arrow: Arrow): number {
  if (arrow === "ArrowLeft") return Math.max(0, at - 1);
  if (arrow === "ArrowRight") return Math.min(places.length - 1, at + 1);
  return across(places, at, arrow === "ArrowDown");
}
