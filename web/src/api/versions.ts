/** The version guard: a refetch and the event stream race, and an older fact must not undo a newer one. */

export interface Versioned {
  readonly id: string;
  readonly version: number;
}

/** Whether `next` may replace `known`; an equal version may, for a refetch can carry what an event could not. */
export function isNewer(known: Pick<Versioned, "version"> | undefined, next: Pick<Versioned, "version">): boolean {
  return known === undefined || next.version >= known.version;
}

/** The list with that item replaced in place, or the same list when it is not in it or is newer already. */
export function replaceIn<T extends Versioned>(items: readonly T[], next: T): readonly T[] {
  const at = items.findIndex((item) => item.id === next.id);
  const known = items[at];
  if (known === undefined || !isNewer(known, next)) return items;
  return items.with(at, next);
}
