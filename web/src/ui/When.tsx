/** A moment in words: today and yesterday by name, else the date; the full time is in the tooltip. */
import { useTranslation } from "react-i18next";
import { civil, daysBetween, instant } from "../api/clock.ts";
import { useNow } from "./useNow.ts";

export function When({ at, bare = false }: { at: string; bare?: boolean }) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  const { date, time, timeWithSeconds } = civil(at);
  const days = daysBetween(instant(at), now);
  const text =
    days === 0
      ? bare
        ? time
        : t("ui.when.today", { time })
      : days === 1
        ? t("ui.when.yesterday", { time })
        : t("ui.when.day", { date, time });
  return (
    <time className="nw" dateTime={at} title={`${date} ${timeWithSeconds}`}>
      {text}
    </time>
  );
}
