/** From what the hub sent to what the worklist shows: tabs, and rows that do not move under the hand. Pure. */
import type { Order, OrderCounts, OrderQuery } from "../../api/types.ts";

export type Tab = keyof OrderCounts;

export const TABS = [
  "all",
  "mine",
  "ready",
  "awaiting-verification",
  "returned",
  "amending",
  "critical",
  "final-today",
] as const satisfies readonly Tab[];

const ASKED: Readonly<Record<(typeof TABS)[number], OrderQuery>> = {
  all: { state: "open" },
  mine: { mine: "1" },
  ready: { state: "ready" },
  "awaiting-verification": { state: "awaiting-verification" },
  returned: { state: "returned" },
  amending: { state: "amending" },
  critical: { critical: "1", state: "open" },
  "final-today": { state: "final" },
};

export function tabFrom(word: string | null): (typeof TABS)[number] {
  return TABS.find((tab) => tab === word) ?? "all";
}

export interface Filters {
  readonly tab: (typeof TABS)[number];
  /** Comma-separated; empty for everything the person may see. */
  readonly centre: string;
  readonly kind: string;
  readonly organization: string;
}

export function queryFrom({ tab, centre, kind, organization }: Filters): OrderQuery {
  return {
    ...ASKED[tab],
    ...(centre === "" ? {} : { centre }),
    ...(kind === "" ? {} : { kind }),
    ...(organization === "" ? {} : { organization }),
  };
}

/** What is on the screen, in its order, and what waits behind the bar. */
export interface Arranged {
  readonly rows: readonly Order[];
  readonly waiting: number;
  /** Rows that are no longer in this list: done, taken, moved. They leave with the next refresh. */
  readonly gone: ReadonlySet<string>;
}

/** Rows keep their places; the hub's list only fills them anew. A row that left stays as it was last seen. */
export function arrange(shown: readonly Order[], sent: readonly Order[]): Arranged {
  const fresh = new Map(sent.map((order) => [order.id, order]));
  const places = new Set(shown.map(({ id }) => id));
  return {
    rows: shown.map((order) => fresh.get(order.id) ?? order),
    waiting: sent.filter(({ id }) => !places.has(id)).length,
    gone: new Set(shown.flatMap(({ id }) => (fresh.has(id) ? [] : [id]))),
  };
}

/** The row beside, for J and K; the first when none is chosen. */
export function beside(rows: readonly Order[], selected: string | null, by: 1 | -1): Order | null {
  const at = rows.findIndex(({ id }) => id === selected);
  if (at < 0) return rows[0] ?? null;
  return rows[Math.min(rows.length - 1, Math.max(0, at + by))] ?? null;
}

/** The next one to read: the first in the hub's order that this person may claim. */
export function nextToClaim(rows: readonly Order[]): Order | null {
  return rows.find(({ commands }) => commands.some(({ name, allowed }) => name === "claim" && allowed)) ?? null;
}

/** Where an order is read. */
export function addressOf({ id, kind }: Pick<Order, "id" | "kind">): string {
  return `/${kind === "ecg" ? "ecg" : "read"}/${id}`;
}

export function isCritical({ flags }: Pick<Order, "flags">): boolean {
  return flags.some(({ level }) => level === "critical");
}

/** `3/3`, or `3` where nobody said how many there will be. */
export function countOf({
  instances,
  expected_instances: expected,
}: Pick<Order, "instances" | "expected_instances">): string {
  return expected === null ? String(instances) : `${String(instances)}/${String(expected)}`;
}
