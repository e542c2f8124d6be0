/** The worklist as a reader drives it: which rows, which one is meant, what the keys do. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { newKey } from "../../api/client.ts";
import { mayRun } from "../../api/commands.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { Order } from "../../api/types.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { beside, nextToClaim, queryFrom } from "./model.ts";
import { useClaim } from "./useClaim.ts";
import { useFilters } from "./useFilters.ts";
import { useRows } from "./useRows.ts";

function focusRow(id: string): void {
  document.querySelector<HTMLElement>(`tr[data-row="${id}"]`)?.focus();
}

/** The row that is meant: the selected one, else the first. */
function useChosen(rows: readonly Order[]) {
  const [selected, select] = useState<string | null>(null);
  const chosen = rows.find(({ id }) => id === selected) ?? rows[0] ?? null;
  const step = (by: 1 | -1) => () => {
    const order = beside(rows, chosen?.id ?? null, by);
    if (order === null) return;
    select(order.id);
    focusRow(order.id);
  };
  return { chosen, select, step };
}

export function useWorklist() {
  const { filters, change } = useFilters();
  const list = useRows(queryFrom(filters));
  const claim = useClaim();
  const release = useMutation(readingOrders.release);
  const { chosen, select, step } = useChosen(list.rows);
  const [returning, setReturning] = useState<Order | null>(null);
  const next = nextToClaim(list.sent);
  const askReturn = () => {
    if (chosen !== null && mayRun(chosen, "return")) setReturning(chosen);
  };
  const openChosen = () => {
    if (chosen !== null) claim.claimOrOpen(chosen);
  };
  useKeys("worklist", { down: step(1), up: step(-1), showNew: list.showNew, return: askReturn, claim: openChosen });
  return {
    filters,
    change,
    list,
    claim,
    chosen,
    select,
    returning,
    next,
    askReturn,
    openChosen,
    stopReturning: () => {
      setReturning(null);
    },
    claimNext: () => {
      if (next !== null) claim.claimOrOpen(next);
    },
    release: () => {
      if (chosen !== null) release.mutate({ id: chosen.id, version: chosen.version, key: newKey() });
    },
    failure: claim.failed === chosen?.id ? claim.failure : release.error,
  };
}

export type Worklist = ReturnType<typeof useWorklist>;
