/** How far the ticket is; on the phone only what is done, the step of now and the next. */
import { useTranslation } from "react-i18next";
import type { ReferralDetail } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { Tracker, type TrackerStep } from "../../ui/Tracker.tsx";
import { isYours } from "../model/actions.ts";
import { stepsOf, type Step } from "../model/steps.ts";
import { isOver } from "../model/stage.ts";
import { useTicketWords } from "../useTicketWords.ts";

/** Who has it now, or how far the road is. */
function useAhead(ticket: ReferralDetail): (step: Step) => string | undefined {
  const { t } = useTranslation();
  return ({ name, at }) => {
    if (name === "en-route") return t("referral.minutes", { minutes: ticket.travel_minutes });
    if (at === "ahead" || ticket.handler === null) return undefined;
    return t("referral.handledBy", { name: ticket.handler.name });
  };
}

function useSteps(ticket: ReferralDetail): (step: Step) => TrackerStep {
  const { t } = useTranslation();
  const words = useTicketWords();
  const ahead = useAhead(ticket);
  const whoOf = (step: Step): string | undefined => {
    if (step.at !== "done") return ahead(step);
    const placed = step.name === "place" || step.name === "bed-held";
    if (!placed || ticket.place === null) return step.by;
    return ticket.place.kind === "bed" ? ticket.place.label : words.place(ticket.place);
  };
  const labelOf = ({ name, at }: Step): string => {
    if (name === "acknowledge" && at === "now" && isYours(ticket)) return t("referral.yours");
    return t(`referral.step.${at === "done" ? "done" : "ahead"}.${name}`);
  };
  return (step) => {
    const who = whoOf(step);
    return {
      key: step.name,
      at: step.at,
      label: labelOf(step),
      ...(step.time === undefined ? {} : { time: step.time }),
      ...(who === undefined ? {} : { who }),
    };
  };
}

/** How it ended, in the words of whoever ended it. */
function Ended({ ticket }: { ticket: ReferralDetail }) {
  const { t } = useTranslation();
  const words = useTicketWords();
  if (!isOver(ticket)) return null;
  const why = [words.declineCode(ticket.decision_code), ticket.reason_text].filter(Boolean).join(t("referral.comma"));
  return (
    <Note tone={ticket.state === "closed" ? "ok" : "due"}>
      <b>{words.state(ticket.state)}</b> {why}
    </Note>
  );
}

export function Way({ ticket, upright = false }: { ticket: ReferralDetail; upright?: boolean }) {
  const { t } = useTranslation();
  const toStep = useSteps(ticket);
  const steps = stepsOf(ticket);
  const now = steps.findIndex(({ at }) => at === "now" || at === "returned");
  const shown = upright && now >= 0 ? steps.slice(0, now + 2) : steps;
  return (
    <div className={upright ? "tk-way card" : "tk-way"}>
      <Tracker steps={shown.map(toStep)} upright={upright} />
      {ticket.state === "info-needed" && ticket.question !== "" && (
        <Note tone="due">{t("referral.asked", { question: ticket.question })}</Note>
      )}
      <Ended ticket={ticket} />
    </div>
  );
}
