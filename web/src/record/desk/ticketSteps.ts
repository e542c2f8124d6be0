/** The way of a ticket as the sender follows it, in six steps: what was done, what is now, what comes. Pure. */
import type { TFunction } from "i18next";
import type { Referral, ReferralState } from "../../api/types.ts";
import type { TrackerStep } from "../../ui/Tracker.tsx";

const STEPS = ["sent", "accepted", "bed-held", "en-route", "arrived", "outcome-sent"] as const satisfies readonly ReferralState[]; // prettier-ignore
type StepName = (typeof STEPS)[number];
const THERE: readonly ReferralState[] = ["arrived", "admitted", "discharged", "outcome-sent"];

/** Who comes without a bed, or without a word that he set out, has gone past these when he is there. */
const PASSED: readonly StepName[] = ["accepted", "bed-held", "en-route"];

function isDone(name: StepName, ticket: Referral): boolean {
  if (PASSED.includes(name) && THERE.includes(ticket.state)) return true;
  return name === "bed-held" ? ticket.place !== null : ticket.timeline[name] !== undefined;
}

const WHO: Readonly<Partial<Record<StepName, (ticket: Referral, t: TFunction) => string | undefined>>> = {
  sent: ({ number }) => number,
  accepted: ({ acknowledged_by: by, handler }) => (by ?? handler)?.name,
  "bed-held": ({ place }) => place?.label,
  "en-route": ({ travel_minutes: minutes }, t) => (minutes > 0 ? t("refer.minutes", { minutes }) : undefined),
};

function timeOf(name: StepName, ticket: Referral): string | undefined {
  if (name !== "bed-held") return ticket.timeline[name];
  return ticket.place?.from ?? undefined;
}

function doneStep(name: StepName, ticket: Referral, t: TFunction): TrackerStep {
  const [time, who] = [timeOf(name, ticket), WHO[name]?.(ticket, t)];
  const label = t(`referral.state.${name}`);
  return { key: name, label, at: "done", ...(time && { time }), ...(who && { who }) };
}

function openStep(name: StepName, next: StepName | undefined, ticket: Referral, t: TFunction): TrackerStep {
  if (name !== next) return { key: name, label: t(`township.step.${name}`), at: "ahead" };
  if (ticket.state === "info-needed")
    return { key: name, label: t("referral.state.info-needed"), at: "returned", who: ticket.question };
  const who = WHO[name]?.(ticket, t);
  return { key: name, label: t(`township.step.${name}`), at: "now", ...(who && { who }) };
}

export function ticketSteps(ticket: Referral, t: TFunction): readonly TrackerStep[] {
  const next = STEPS.find((name) => !isDone(name, ticket));
  return STEPS.map((name) => (isDone(name, ticket) ? doneStep(name, ticket, t) : openStep(name, next, ticket, t)));
}
