/** The list of a tab: still under the hand, live behind the bar. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { Order, OrderQuery } from "../../api/types.ts";
import { arrange } from "./model.ts";

interface Shown {
  readonly key: string;
  readonly rows: readonly Order[];
  /** The answer that these rows were filled from. */
  readonly from: readonly Order[];
}

const NONE: readonly Order[] = [];

/** Another tab, or a list that was empty, takes what came; else rows are filled where they stand. */
function filled(shown: Shown | null, key: string, sent: readonly Order[]): Shown {
  const stays = shown !== null && shown.key === key && shown.rows.length > 0;
  return { key, rows: stays ? arrange(shown.rows, sent).rows : sent, from: sent };
}

/** Takes in a new answer while drawing, so that no frame shows the rows of another tab. */
function useShown(key: string, sent: readonly Order[] | undefined) {
  const [shown, setShown] = useState<Shown | null>(null);
  const stale = sent !== undefined && (shown?.key !== key || shown.from !== sent);
  const now = stale ? filled(shown, key, sent) : shown;
  if (stale) setShown(now);
  return { rows: now?.key === key ? now.rows : NONE, setShown };
}

export function useRows(query: OrderQuery) {
  const answer = useQuery(readingOrders.list(query));
  const key = JSON.stringify(query);
  const sent = answer.data?.items;
  const { rows, setShown } = useShown(key, sent);
  return {
    answer,
    sent: sent ?? NONE,
    ...arrange(rows, sent ?? NONE),
    showNew: () => {
      if (sent !== undefined) setShown({ key, rows: sent, from: sent });
    },
  };
}
