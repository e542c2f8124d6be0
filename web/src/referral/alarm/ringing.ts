/** Which tickets ring here: unanswered ones of the green channel that this person may answer. Pure. */
import { instant } from "../../api/clock.ts";
import type { Referral } from "../../api/types.ts";
import { offered } from "../model/actions.ts";
import { isRinging } from "../model/stage.ts";

const since = ({ timeline }: Referral) => instant(timeline["accepted"] ?? "");

/** The most urgent first, among equals the oldest. */
export function ringingOf(tickets: readonly Referral[]): readonly Referral[] {
  return tickets
    .filter((ticket) => isRinging(ticket) && offered(ticket, "acknowledge") !== null)
    .toSorted((a, b) => a.triage_level - b.triage_level || since(a) - since(b));
}
