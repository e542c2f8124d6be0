/** A ticket's codes in words of the person's language. */
import { useTranslation } from "react-i18next";
import { civil, now } from "../api/clock.ts";
import { startsOf } from "../api/resources/referrals.ts";
import type { Explanation, Reception, Referral, ReferralState } from "../api/types.ts";
import { referral } from "../i18n/zh-CN/referral.ts";
import { useReason } from "../ui/useReason.ts";
import { UPWARD_PATH } from "../api/generated/lifecycles.ts";
import type { Offered } from "./model/actions.ts";
import { isGreen } from "./model/stage.ts";

type EventName = keyof typeof referral.event;
type ReasonCode = keyof typeof referral.reasonCode;
type DeclineCode = keyof typeof referral.declineCode;

function isEvent(name: string): name is EventName {
  return Object.hasOwn(referral.event, name);
}
function isReason(code: string): code is ReasonCode {
  return Object.hasOwn(referral.reasonCode, code);
}
function isDecline(code: string): code is DeclineCode {
  return Object.hasOwn(referral.declineCode, code);
}

/** Whether the ticket has gone past every state from which a command starts. */
function isPast(state: ReferralState, starts: readonly ReferralState[]): boolean {
  const path: readonly ReferralState[] = UPWARD_PATH;
  const here = path.indexOf(state);
  return here >= 0 && starts.every((start) => path.indexOf(start) < here);
}

/** The time today, else the day with it. */
function moment(at: string): string {
  const { date, time } = civil(at);
  return date === civil(now()).date ? time : `${date.slice(5)} ${time}`;
}

export function useTicketWords() {
  const { t, i18n } = useTranslation();
  const reasonOf = useReason();
  const english = i18n.language === "en";
  const stateOf = (state: ReferralState) => t(`referral.state.${state}`);
  // Never, at any stage: the reason is the level, not the moment.
  const isNever = (ticket: Referral, name: string) => isGreen(ticket) && (name === "decline" || name === "advise");
  const waitsFor = (ticket: Referral, name: string): string => {
    const starts = startsOf(ticket, name).filter((state) => state !== "draft");
    if (isNever(ticket, name)) return t("errors.NEVER_DECLINED.text");
    if (ticket.state === "bed-held" && starts.includes("accepted")) return t("referral.why.release");
    if (starts.length === 0 || isPast(ticket.state, starts)) return t("referral.why.past");
    return t("referral.why.first", { states: starts.slice(0, 2).map(stateOf).join(t("referral.or")) });
  };
  return {
    state: stateOf,
    event: (name: string, ticket: Pick<Referral, "direction">) =>
      t(`referral.event.${isEvent(name) ? name : "other"}`, { direction: t(`referral.direction.${ticket.direction}`) }),
    reasonCode: (code: string) => (isReason(code) ? t(`referral.reasonCode.${code}`) : code),
    declineCode: (code: string) => (isDecline(code) ? t(`referral.declineCode.${code}`) : code),
    /** Why a command is grey: by the guard's code, else which state it waits for. */
    refused: (ticket: Referral, command: Offered & { readonly allowed: false }) => {
      const why = command.reason === "STATE" ? waitsFor(ticket, command.name) : reasonOf(command.reason);
      return command.until ? t("referral.why.until", { why, time: moment(command.until) }) : why;
    },
    sentence: (explanation: Pick<Explanation, "zh" | "en">) => (english ? explanation.en : explanation.zh),
    place: (place: Reception) => {
      if (place.kind !== "bed") return t("referral.place.bay");
      if (place.expires_at === null) return place.label;
      return t("referral.place.held", { label: place.label, time: civil(place.expires_at).time });
    },
  };
}
