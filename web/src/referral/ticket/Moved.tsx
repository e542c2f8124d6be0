/** Why a command was refused, and where the refusal means that somebody was faster: who, what and when. */
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { codeOf, Problem } from "../../api/problems.ts";
import type { Referral, ReferralDetail } from "../../api/types.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { useTicketWords } from "../useTicketWords.ts";

const MOVED = ["STATE", "VERSION"];

function text(failure: unknown, name: string): string {
  const fact = failure instanceof Problem ? failure.facts[name] : undefined;
  return typeof fact === "string" || typeof fact === "number" ? String(fact) : "";
}

/** The facts that the hub sent with the refusal: where the patient stands, when a bed is expected, who has it. */
function FactsOf({ failure }: { failure: unknown }) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === "en" ? "en" : "zh";
  const code = codeOf(failure);
  if (code === "NO_BED") {
    const why = text(failure, language);
    const at = text(failure, "estimate");
    return (
      <p>
        {t("referral.noBed", { n: text(failure, "position"), why })}
        {at !== "" && t("referral.noBedUntil", { time: `${civil(at).date} ${civil(at).time}` })}
      </p>
    );
  }
  if (code !== "BED_UNSUITABLE" && code !== "WITHIN_BASE_SCOPE") return null;
  return <p>{text(failure, language)}</p>;
}

export function Moved({ failure, ticket }: { failure: unknown; ticket: Referral | ReferralDetail }) {
  const { t } = useTranslation();
  const words = useTicketWords();
  if (failure === null || failure === undefined) return null;
  const last = "events" in ticket ? ticket.events.at(-1) : undefined;
  return (
    <ProblemNote failure={failure}>
      <FactsOf failure={failure} />
      {MOVED.includes(codeOf(failure)) && last !== undefined && (
        <p>
          {t("referral.moved", {
            who: last.actor?.name ?? t("referral.bySystem"),
            what: words.event(last.name, ticket),
            time: civil(last.at).time,
            state: words.state(ticket.state),
          })}
        </p>
      )}
    </ProblemNote>
  );
}
