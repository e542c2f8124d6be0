/** When a follow-up is due, in words: late by days, today, or the date. */
import { useTranslation } from "react-i18next";
import { civil, daysBetween, instant, now } from "../../api/clock.ts";
import type { FollowUp } from "../../api/types.ts";

export function Due({ visit }: { visit: FollowUp }) {
  const { t } = useTranslation();
  const left = daysBetween(now(), instant(visit.due_at));
  if (visit.state !== "open") return <span className="sub nw">{civil(visit.done_at ?? visit.due_at).date}</span>;
  if (left < 0 || visit.overdue) return <b className="overc nw">{t("visits.late", { days: Math.max(1, -left) })}</b>;
  if (left === 0) return <b className="duec nw">{t("visits.today")}</b>;
  return <span className="sub nw">{t("visits.inDays", { days: left, date: civil(visit.due_at).date.slice(5) })}</span>;
}
