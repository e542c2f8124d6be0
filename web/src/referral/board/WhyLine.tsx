/** A ticket's place in the queue and why, in two lines at most. */
import { useTranslation } from "react-i18next";
import type { Referral } from "../../api/types.ts";
import { useTicketWords } from "../useTicketWords.ts";

export function WhyLine({ ticket }: { ticket: Referral }) {
  const { t } = useTranslation();
  const words = useTicketWords();
  const { explanation } = ticket;
  if (explanation === null) return null;
  return (
    <span className="s12 sub bb-why">
      {t("beds.queue.why", { position: explanation.position, sentence: words.sentence(explanation) })}
    </span>
  );
}
