/** An open critical value: full width, crit fill, spoken once. It cannot be closed, only acted on. */
import { Siren, Timer } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { instant } from "../api/clock.ts";
import { useNow } from "./useNow.ts";
import { useSpanText } from "./useSpanText.ts";
import "./forms.css";

interface Props {
  /** Patient and finding, one line. */
  readonly title: string;
  /** Who, when, until when. */
  readonly text: ReactNode;
  readonly due_at: string | null;
  /** Call, acknowledge. */
  readonly children: ReactNode;
}

export function CriticalBand({ title, text, due_at, children }: Props) {
  const { t } = useTranslation();
  const now = useNow(1_000);
  const span = useSpanText();
  return (
    <section className="critical-band" role="alert">
      <Siren aria-hidden="true" />
      <span className="critical-band-text">
        <b>
          {t("ui.critical.title")} · {title}
        </b>
        <br />
        <span className="s13">{text}</span>
      </span>
      {due_at !== null && (
        <span className="critical-band-clock row g4" role="timer" aria-live="off">
          <Timer aria-hidden="true" />
          {now <= instant(due_at)
            ? span.digits(instant(due_at) - now)
            : `${t("ui.clock.over")} ${span.digits(now - instant(due_at))}`}
        </span>
      )}
      {children}
    </section>
  );
}
