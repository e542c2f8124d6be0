/** The list on the left: the queue in the rule's order, with what stands beside the queue. Pure. */
import type { Referral } from "../../api/types.ts";
import { isRinging } from "./stage.ts";

/** Tickets of the green channel that nobody has answered first, then the queue, then whoever has a bed already. */
export function inOrder(queue: readonly Referral[], listed: readonly Referral[]): readonly Referral[] {
  const ranked = new Set(queue.map(({ id }) => id));
  const beside = listed.filter(({ id }) => !ranked.has(id));
  // A Ⅰ whom the bay receives waits in the queue; she rings before a Ⅱ who has a bed.
  const ringing = [...queue, ...beside].filter(isRinging).toSorted(byLevel);
  const quiet = (ticket: Referral) => !isRinging(ticket);
  return [...ringing, ...queue.filter(quiet), ...beside.filter(quiet)];
}

function byLevel(a: Referral, b: Referral): number {
  return a.triage_level - b.triage_level || (a.deadline_at ?? "").localeCompare(b.deadline_at ?? "");
}

/** The departments that stand in the list, for the filter. */
export function departmentsOf(tickets: readonly Referral[]): readonly string[] {
  return [...new Set(tickets.map(({ department }) => department).filter((name) => name !== ""))].toSorted();
}
