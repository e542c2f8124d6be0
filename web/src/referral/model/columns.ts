/** The board's seven columns: what stands in each, and by which command a ticket enters it. Pure. */
import { instant } from "../../api/clock.ts";
import type { ReferralCommand } from "../../api/resources/referrals.ts";
import type { Referral, ReferralState } from "../../api/types.ts";
import { offered, type Offered } from "./actions.ts";

export type ColumnName = "new" | "asked" | "accepted" | "held" | "moving" | "there" | "down";

export interface BoardColumn {
  readonly name: ColumnName;
  readonly states: readonly ReferralState[];
  /** In the order in which they are tried. */
  readonly enter: readonly ReferralCommand[];
}

export const COLUMNS: readonly BoardColumn[] = [
  { name: "new", states: ["sent", "received", "cancel-requested"], enter: ["answer", "refuse-cancel"] },
  { name: "asked", states: ["info-needed"], enter: ["ask"] },
  { name: "accepted", states: ["accepted"], enter: ["accept", "release-hold"] },
  { name: "held", states: ["bed-held"], enter: ["hold-bed"] },
  { name: "moving", states: ["en-route"], enter: ["depart"] },
  { name: "there", states: ["arrived", "admitted", "discharged"], enter: ["arrive"] },
  { name: "down", states: ["handed-over"], enter: ["refer-down"] },
];

/** Every state of the board, as the hub is asked for it. */
export const BOARD_STATES = COLUMNS.flatMap(({ states }) => states).join(",");

export type Entry =
  | { readonly kind: "here" }
  | { readonly kind: "may"; readonly command: Offered }
  | { readonly kind: "not"; readonly command: (Offered & { readonly allowed: false }) | null };

const isRefused = (command: Offered): command is Offered & { readonly allowed: false } => !command.allowed;

/** Whether a ticket may go there, and by what; else the command that stands in the way, if it is this person's at all. */
export function entryOf(column: BoardColumn, ticket: Pick<Referral, "state" | "commands">): Entry {
  if (column.states.includes(ticket.state)) return { kind: "here" };
  const commands = column.enter.flatMap((name) => offered(ticket, name) ?? []);
  const may = commands.find(({ allowed }) => allowed);
  return may === undefined ? { kind: "not", command: commands.find(isRefused) ?? null } : { kind: "may", command: may };
}

export interface BoardFilter {
  readonly direction: "all" | "up" | "down";
  readonly department: string;
  /** Only what this person has in hand; empty for everybody's. */
  readonly handler: string;
}

export function isShown(ticket: Referral, { direction, department, handler }: BoardFilter): boolean {
  const way = direction === "all" || (direction === "down") === (ticket.direction === "down");
  return (
    way && (department === "" || ticket.department === department) && (handler === "" || ticket.handler?.id === handler)
  );
}

const at = (time: string | null) => (time === null ? Infinity : instant(time));

function isBefore(name: ColumnName, ranks: ReadonlyMap<string, number>): (a: Referral, b: Referral) => number {
  if (name === "accepted") return (a, b) => (ranks.get(a.id) ?? 0) - (ranks.get(b.id) ?? 0);
  if (name === "moving") return (a, b) => at(a.expected_arrival_at) - at(b.expected_arrival_at);
  return (a, b) => a.triage_level - b.triage_level || at(a.deadline_at) - at(b.deadline_at);
}

/** Who waits for a bed stands in the rule's order, who travels by arrival, all others by level and deadline. */
export function cardsOf(
  { name, states }: BoardColumn,
  tickets: readonly Referral[],
  queue: readonly Pick<Referral, "id">[],
): readonly Referral[] {
  const ranks = new Map(queue.map(({ id }, rank) => [id, rank + 1]));
  return tickets.filter(({ state }) => states.includes(state)).toSorted(isBefore(name, ranks));
}
