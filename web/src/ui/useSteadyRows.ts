/** A live list whose rows keep their places: what is new waits to be asked for, what left stays as it was last seen. */
import { useState } from "react";

interface Row {
  readonly id: string;
}

export interface Steady<T extends Row> {
  readonly rows: readonly T[];
  /** How many new ones wait behind the bar. */
  readonly waiting: number;
  /** Rows that are no longer in the list. */
  readonly gone: ReadonlySet<string>;
  readonly showNew: () => void;
}

interface Shown<T extends Row> {
  readonly key: string;
  readonly rows: readonly T[];
  readonly from: readonly T[] | undefined;
}

function filled<T extends Row>(shown: Shown<T> | null, key: string, sent: readonly T[]): Shown<T> {
  const fresh = new Map(sent.map((row) => [row.id, row]));
  const stays = shown !== null && shown.key === key && shown.rows.length > 0;
  return { key, rows: stays ? shown.rows.map((row) => fresh.get(row.id) ?? row) : sent, from: sent };
}

function useShown<T extends Row>(key: string, sent: readonly T[] | undefined) {
  const [shown, setShown] = useState<Shown<T> | null>(null);
  const stale = sent !== undefined && (shown?.key !== key || shown.from !== sent);
  const now = stale ? filled(shown, key, sent) : shown;
  if (stale) setShown(now);
  return { rows: now?.key === key ? now.rows : [], setShown };
}

/** Another key is another list. Takes a new answer in while drawing, so that no frame shows the rows of another list. */
export function useSteadyRows<T extends Row>(key: string, sent: readonly T[] | undefined): Steady<T> {
  const { rows, setShown } = useShown(key, sent);
  const live = sent ?? rows;
  const places = new Set(rows.map(({ id }) => id));
  const here = new Set(live.map(({ id }) => id));
  return {
    rows,
    waiting: live.filter(({ id }) => !places.has(id)).length,
    gone: new Set(rows.flatMap(({ id }) => (here.has(id) ? [] : [id]))),
    showNew: () => {
      setShown({ key, rows: live, from: sent });
    },
  };
}
