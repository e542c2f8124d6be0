/** What a ticket waits for, since when and until when: what its clock and its words show. Pure. */
import { instant } from "../../api/clock.ts";
import type { Referral, ReferralState } from "../../api/types.ts";

/** What has to happen next; the words are `referral.stage.*`. */
export type Stage =
  | "send"
  | "open"
  | "decide"
  | "answer"
  | "acknowledge"
  | "place"
  | "depart"
  | "arrive"
  | "admit"
  | "stay"
  | "outcome"
  | "close"
  | "cancel"
  | "take-over"
  | "visit"
  | "close-down";

const STAGES: Readonly<Partial<Record<ReferralState, Stage>>> = {
  draft: "send",
  sent: "open",
  received: "decide",
  "info-needed": "answer",
  accepted: "place",
  "bed-held": "depart",
  "en-route": "arrive",
  arrived: "admit",
  admitted: "stay",
  discharged: "outcome",
  "outcome-sent": "close",
  "cancel-requested": "cancel",
  "handed-over": "take-over",
  "taken-over": "visit",
  "first-visit-done": "close-down",
};

type Level = 1 | 2 | 3 | 4;
const LEVELS: readonly Level[] = [1, 2, 3, 4];

/** The level as the plate draws it; none for what is no level. */
export function levelOf({ triage_level }: Pick<Referral, "triage_level">): Level | null {
  return LEVELS.find((level) => level === triage_level) ?? null;
}

export function isGreen({ triage_level, direction }: Pick<Referral, "triage_level" | "direction">): boolean {
  return triage_level <= 2 && direction !== "down";
}

const PROMISED: readonly ReferralState[] = ["accepted", "bed-held", "en-route"];

/** The green channel rings until somebody with the duty answers. */
export function isRinging(ticket: Pick<Referral, "triage_level" | "direction" | "state" | "acknowledged_at">): boolean {
  return isGreen(ticket) && ticket.acknowledged_at === null && PROMISED.includes(ticket.state);
}

/** What the ticket waits for; null once it is over. */
export function stageOf(ticket: Referral): Stage | null {
  if (isRinging(ticket)) return "acknowledge";
  if (ticket.state === "accepted" && ticket.place !== null) return "depart";
  return STAGES[ticket.state] ?? null;
}

export function isOver({ state }: Pick<Referral, "state">): boolean {
  return STAGES[state] === undefined;
}

/** Since when this wait runs. */
function begunAt(ticket: Referral): string | undefined {
  if (isRinging(ticket)) return ticket.timeline["accepted"];
  if (ticket.state === "draft") return ticket.created_at;
  const begun = ticket.timeline[ticket.state];
  // Answering the alarm begins the next wait.
  const answered = ticket.acknowledged_at;
  return answered !== null && begun !== undefined && instant(answered) > instant(begun) ? answered : begun;
}

export interface TicketLimit {
  readonly due_at: string | null;
  readonly limit_minutes: number | null;
  readonly paused_at: string | null;
}

/** The facts of the clock: until when, and how long the whole wait may last. */
export function limitOf(ticket: Referral): TicketLimit {
  const begun = begunAt(ticket);
  const due = ticket.deadline_at;
  const span = begun === undefined || due === null ? NaN : (instant(due) - instant(begun)) / 60_000;
  return { due_at: due, limit_minutes: span > 0 ? Math.round(span) : null, paused_at: ticket.paused_at };
}
