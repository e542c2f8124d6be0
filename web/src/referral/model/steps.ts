/** How far a ticket is, as a parcel's way. Pure; the words are `referral.step.*`. */
import { DOWNWARD_PATH } from "../../api/generated/lifecycles.ts";
import type { Referral, ReferralDetail, ReferralState } from "../../api/types.ts";
import { isGreen, isOver } from "./stage.ts";

export type StepName =
  | "sent"
  | "received"
  | "accepted"
  | "place"
  | "acknowledge"
  | "bed-held"
  | "en-route"
  | "arrived"
  | "admitted"
  | "outcome-sent"
  | "handed-over"
  | "taken-over"
  | "first-visit-done"
  | "closed";

export interface Step {
  readonly name: StepName;
  readonly at: "done" | "now" | "ahead" | "returned";
  readonly time?: string;
  /** Who did it, by name. */
  readonly by?: string;
}

const GREEN = ["sent", "place", "acknowledge", "en-route", "arrived", "admitted", "outcome-sent"] as const;
const PLAIN = ["sent", "received", "accepted", "bed-held", "en-route", "arrived", "admitted", "outcome-sent"] as const;
/** Who comes without a bed (to the bay, or seen and sent home) goes past these. */
const FURTHER: readonly ReferralState[] = [
  "sent",
  "received",
  "accepted",
  "bed-held",
  "en-route",
  "arrived",
  "admitted",
  "outcome-sent",
  "closed",
];
const STANDS: Readonly<Partial<Record<ReferralState, ReferralState>>> = {
  "info-needed": "received",
  discharged: "admitted",
};
const EVENTS: Readonly<Partial<Record<StepName, readonly string[]>>> = {
  sent: ["sent"],
  received: ["opened"],
  accepted: ["accepted"],
  acknowledge: ["acknowledged"],
  "en-route": ["departed"],
  arrived: ["arrived"],
  admitted: ["admitted"],
  "outcome-sent": ["outcome-sent"],
  "handed-over": ["sent"],
  "taken-over": ["taken-over"],
  "first-visit-done": ["first-visit-done"],
  closed: ["closed"],
};

/** The furthest point on the way: of a ticket that ended early, the last one it reached. */
function reached(ticket: Referral): number {
  const state = STANDS[ticket.state] ?? ticket.state;
  const at = FURTHER.indexOf(state);
  if (at >= 0) return at;
  return Math.max(-1, ...FURTHER.map((name, index) => (ticket.timeline[name] === undefined ? -1 : index)));
}

function isDone(name: StepName, ticket: Referral): boolean {
  if (name === "place") return ticket.place !== null || reached(ticket) >= FURTHER.indexOf("arrived");
  if (name === "acknowledge") return ticket.acknowledged_at !== null;
  if (ticket.direction === "down") return ticket.timeline[name] !== undefined;
  return FURTHER.indexOf(name) <= reached(ticket);
}

function timeOf(name: StepName, ticket: Referral): string | undefined {
  if (name === "place") return ticket.place?.from ?? ticket.timeline["accepted"];
  if (name === "acknowledge") return ticket.acknowledged_at ?? undefined;
  return ticket.timeline[name];
}

function byOf(name: StepName, ticket: Referral | ReferralDetail): string | undefined {
  if (name === "acknowledge") return ticket.acknowledged_by?.name;
  if (!("events" in ticket)) return undefined;
  return ticket.events.findLast((event) => EVENTS[name]?.includes(event.name))?.actor?.name;
}

function namesOf(ticket: Referral): readonly StepName[] {
  if (ticket.direction === "down") return DOWNWARD_PATH;
  return isGreen(ticket) ? GREEN : PLAIN;
}

/** An early end shows what was done, and stops there. */
export function stepsOf(ticket: Referral | ReferralDetail): readonly Step[] {
  const names = namesOf(ticket);
  const next = names.find((name) => !isDone(name, ticket));
  const steps = names.map((name): Step => {
    const time = timeOf(name, ticket);
    const by = byOf(name, ticket);
    if (isDone(name, ticket)) return { name, at: "done", ...(time && { time }), ...(by && { by }) };
    if (name !== next) return { name, at: "ahead" };
    return { name, at: ticket.state === "info-needed" ? "returned" : "now" };
  });
  return isOver(ticket) ? steps.filter(({ at }) => at === "done") : steps;
}
