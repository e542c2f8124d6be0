/** How far something is, like a parcel: who had it and when, who has it now, what comes. */
import { Check, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { When } from "./When.tsx";
import "./tracker.css";

export interface TrackerStep {
  readonly key: string;
  readonly label: string;
  readonly at: "done" | "now" | "ahead" | "returned";
  /** RFC 3339, for what has happened. */
  readonly time?: string;
  /** Who, and what else fits in half a line. */
  readonly who?: ReactNode;
}

function Step({ step }: { step: TrackerStep }) {
  const current = step.at === "now" || step.at === "returned";
  return (
    <li className={`trk-step trk-${step.at}`} {...(current ? { "aria-current": "step" as const } : {})}>
      <span className="trk-dot" aria-hidden="true">
        {step.at === "done" && <Check />}
        {step.at === "returned" && <Undo2 />}
      </span>
      <b>{step.label}</b>
      {step.time !== undefined && (
        <span>
          <When at={step.time} bare />{" "}
        </span>
      )}
      {step.who !== undefined && <span className="trk-who">{step.who}</span>}
    </li>
  );
}

/** Across on the desk, upright on the phone and in the details. */
export function Tracker({ steps, upright = false }: { steps: readonly TrackerStep[]; upright?: boolean }) {
  const { t } = useTranslation();
  return (
    <ol className={upright ? "trk trk-upright" : "trk"} aria-label={t("ui.tracker.label")}>
      {steps.map((step) => (
        <Step key={step.key} step={step} />
      ))}
    </ol>
  );
}
