/** Why a ticket may not go to a column, in words. */
import { useTranslation } from "react-i18next";
import type { Referral } from "../../api/types.ts";
import type { Entry } from "../model/columns.ts";
import { useTicketWords } from "../useTicketWords.ts";

export function useEntryWords(): (ticket: Referral, entry: Entry & { readonly kind: "not" }) => string {
  const { t } = useTranslation();
  const words = useTicketWords();
  return (ticket, { command }) => (command === null ? t("referral.notYours") : words.refused(ticket, command));
}
