/** The list on the left: the queue in the rule's order, with what stands beside the queue. Pure. */
import type { Referral } from "../../api/types.ts";
import { isRinging } from "./stage.ts";

/** Tickets of the green channel that nobody has answered first, then the queue, then whoever has a bed already. */
export function inOrder(queue: readonly Referral[], listed: readonly Referral[]): readonly Referral[] {
  const ranked = new Map(queue.map((ticket) => [ticket.id, ticket]));
  const beside = listed.filter(({ id }) => !ranked.has(id));
  const ringing = beside.filter(isRinging).toSorted(byLevel);
  const rest = beside.filter((ticket) => !isRinging(ticket));
  return [...ringing, ...queue, ...rest];
}

function byLevel(a: Referral, b: Referral): number {
  return a.triage_level - b.triage_level || (a.deadline_at ?? "").localeCompare(b.deadline_at ?? "");
}

/** The departments that stand in the list, for the filter. */
export function departmentsOf(tickets: readonly Referral[]): readonly string[] {
  return [...new Set(tickets.map(({ department }) => department).filter((name) => name !== ""))].toSorted();
}
