/** Which slices to fetch next: the wanted one first, then more ahead than behind, never more than a few at once. */

export interface Fetching {
  readonly index: number;
  readonly count: number;
  /** The way the reader scrolls: 1 forwards, -1 backwards. */
  readonly direction: 1 | -1;
  readonly loaded: ReadonlySet<number>;
  readonly underway: ReadonlySet<number>;
  /** Only the slice that is looked at: the full picture fetches its own neighbours. */
  readonly alone?: boolean;
}

/** A township line carries four small pictures at once without starving the report's autosave. */
export const AT_ONCE = 4;
const AHEAD = 24;
const BEHIND = 6;

/** The slices to begin fetching now, most wanted first. */
export function nextToFetch({ index, count, direction, loaded, underway, alone = false }: Fetching): readonly number[] {
  const free = AT_ONCE - underway.size;
  const wanted = [index, ...(alone ? [] : interleaved(index, direction))].filter(
    (at) => at >= 0 && at < count && !loaded.has(at) && !underway.has(at),
  );
  // The slice that is looked at never waits for a free line.
  const urgent = wanted[0] === index ? 1 : 0;
  return wanted.slice(0, Math.max(urgent, free));
}

/** Two ahead for one behind. */
function interleaved(index: number, direction: 1 | -1): readonly number[] {
  const out: number[] = [];
  for (let at = 1; at <= AHEAD; at += 1) {
    out.push(index + direction * at);
    if (at % 2 === 0 && at / 2 <= BEHIND) out.push(index - (direction * at) / 2);
  }
  return out;
}
