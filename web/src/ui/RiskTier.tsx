/** The long-term tier with its rhythm: a tinted pill on follow-ups and records, never in a worklist. */
import { CalendarClock } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { RiskTier as Tier } from "../api/types.ts";
import "./riskTier.css";

export function RiskTier({ tier }: { tier: Tier }) {
  const { t } = useTranslation();
  return (
    <span className={`tier tier-${tier}`}>
      <CalendarClock aria-hidden="true" />
      {t(`referral.tier.${tier}`)}
    </span>
  );
}
