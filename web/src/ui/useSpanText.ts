/** Spans of time in words of the person's language. */
import { useTranslation } from "react-i18next";
import { spanOf } from "./dueState.ts";

export interface SpanWords {
  /** For clocks: digits under an hour. */
  readonly digits: (ms: number) => string;
  /** For cards: hours without their minutes. */
  readonly brief: (ms: number) => string;
  /** For sentences: `12 分`. */
  readonly words: (ms: number) => string;
}

const two = (n: number) => String(n).padStart(2, "0");

export function useSpanText(): SpanWords {
  const { t } = useTranslation();
  const long = (ms: number): string => {
    const span = spanOf(ms);
    if (span.unit === "days") return t("ui.span.days", { days: span.days });
    if (span.unit === "digits") return span.text;
    if (span.minutes === 0) return t("ui.span.hours", { hours: span.hours });
    return t("ui.span.hoursMinutes", { hours: span.hours, minutes: two(span.minutes) });
  };
  const brief = (ms: number): string => {
    const span = spanOf(ms);
    return span.unit === "hours" ? t("ui.span.hours", { hours: span.hours }) : long(ms);
  };
  const words = (ms: number): string =>
    ms >= 3_600_000
      ? long(ms)
      : ms >= 60_000
        ? t("ui.span.minutes", { minutes: Math.floor(ms / 60_000) })
        : t("ui.span.seconds", { seconds: Math.floor(ms / 1_000) });
  return { digits: long, brief, words };
}
