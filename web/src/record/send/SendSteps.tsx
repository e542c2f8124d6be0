/** Four steps: on the desk all in sight and this only says where one is; on the phone one to a screen. */
import { Button } from "antd";
import { ArrowLeft, ArrowRight, CircleCheck, CircleDot, Circle } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useScreen } from "../../ui/useScreen.ts";

const STEPS = ["patient", "order", "images", "send"] as const;
type StepName = (typeof STEPS)[number];

export function SendSteps({ at }: { at: StepName }) {
  const { t } = useTranslation();
  const here = STEPS.indexOf(at);
  return (
    <ol className="send-steps" aria-label={t("record.steps.label")}>
      {STEPS.map((name, index) => {
        const Sign = index < here ? CircleCheck : index === here ? CircleDot : Circle;
        return (
          <li
            key={name}
            className={index < here ? "okc" : index === here ? "brandc" : "mut"}
            {...(index === here ? { "aria-current": "step" as const } : {})}
          >
            <Sign aria-hidden="true" />
            {t(`record.steps.${name}`)}
          </li>
        );
      })}
    </ol>
  );
}

interface Step {
  /** The one step that a phone shows; null where all are in sight. */
  readonly at: StepName | null;
  readonly shows: (name: StepName) => boolean;
  readonly buttons: ReactNode;
}

/** Which step a phone shows; everything elsewhere. */
export function useStep(first: StepName): Step {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const [at, setAt] = useState(first);
  if (!phone) return { at: null, shows: () => true, buttons: null };
  const here = STEPS.indexOf(at);
  const before = STEPS[here - 1];
  const next = STEPS[here + 1];
  return {
    at,
    shows: (name) => name === at,
    buttons: (
      <div className="step-buttons">
        {before !== undefined && before !== "patient" && (
          <Button
            icon={<ArrowLeft aria-hidden="true" />}
            onClick={() => {
              setAt(before);
            }}
          >
            {t("record.steps.back")}
          </Button>
        )}
        {next !== undefined && (
          <Button
            type="primary"
            icon={<ArrowRight aria-hidden="true" />}
            onClick={() => {
              setAt(next);
            }}
          >
            {t("record.steps.next", { step: t(`record.steps.${next}`) })}
          </Button>
        )}
      </div>
    ),
  };
}
