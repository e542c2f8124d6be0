/** The visit itself: big numbers, chips, one choice a line. Everything that must be said stands without scrolling far. */
import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import type { Adherence, Danger, FollowUpMode } from "../../api/types.ts";
import { Choices } from "../../ui/Choices.tsx";
import type { Figure, Visit } from "./form.ts";

export interface Writing {
  readonly visit: Visit;
  readonly set: (patch: Partial<Visit>) => void;
}

const MODES: readonly FollowUpMode[] = ["home", "clinic", "phone"];
const ADHERENCE: readonly Adherence[] = ["regular", "intermittent", "none"];
const DANGERS = ["chest-pain", "severe-headache", "vision", "dyspnoea", "consciousness"] as const satisfies readonly Danger[]; // prettier-ignore
const MMHG = "mmHg";
const TEXTS = ["lifestyle", "problems"] as const;
const NONE = "none-of-them" as const;
const CONDITIONS = ["better", "stable", "worse", "cured", "died"] as const;
const YES_NO = ["no", "yes"] as const;

function Big({ figure, visit, set, high = false }: Writing & { figure: Figure; high?: boolean }) {
  const { t } = useTranslation();
  return (
    <input
      className={high ? "vs-big vs-big-high" : "vs-big"}
      inputMode="numeric"
      autoComplete="off"
      placeholder="–"
      aria-label={t(`visits.figure.${figure}`)}
      value={visit.figures[figure]}
      onChange={(event) => {
        set({ figures: { ...visit.figures, [figure]: event.target.value.replace(/[^\d.]/g, "").slice(0, 5) } });
      }}
    />
  );
}

interface PressureProps extends Writing {
  readonly fault: string | null;
  readonly high: boolean;
}

export function Pressure({ visit, set, fault, high }: PressureProps) {
  const { t } = useTranslation();
  return (
    <section className="card vs-card" aria-label={t("visits.pressure")}>
      <span>
        {t("visits.pressure")} <span className="mut">{MMHG}</span>{" "}
        {visit.mode !== "phone" && <span className="critc">{t("ui.required")}</span>}
      </span>
      <div className="vs-pressure">
        <Big figure="systolic" visit={visit} set={set} high={high} />
        <span aria-hidden="true">/</span>
        <Big figure="diastolic" visit={visit} set={set} high={high} />
      </div>
      {fault !== null && (
        <span className="overc" role="status">
          {fault}
        </span>
      )}
    </section>
  );
}

function Signs({ visit, set }: Writing) {
  const { t } = useTranslation();
  const options = [
    ...DANGERS.map((value) => ({ value, label: t(`visits.danger.${value}`) })),
    { value: NONE, label: t("visits.danger.none") },
  ];
  const chosen = visit.none ? [NONE] : DANGERS.filter((danger) => visit.dangers.includes(danger));
  return (
    <Choices<(typeof DANGERS)[number] | typeof NONE>
      label={t("visits.dangers")}
      look="chips"
      several
      options={options}
      chosen={chosen}
      onChange={(next) => {
        const none = next.includes(NONE) && !visit.none;
        set({ none, dangers: none ? [] : DANGERS.filter((danger) => next.includes(danger)) });
      }}
    />
  );
}

export function Asked({ visit, set }: Writing) {
  const { t } = useTranslation();
  const yesNo = (name: "adverse" | "complication") => (
    <Choices
      label={t(`visits.${name}`)}
      look="segments"
      options={YES_NO.map((value) => ({ value, label: t(`visits.yesNo.${value}`) }))}
      chosen={[visit[name] ? "yes" : "no"]}
      onChange={([value]) => {
        set({ [name]: value === "yes" });
      }}
    />
  );
  return (
    <section className="card vs-card col g12">
      <Signs visit={visit} set={set} />
      <Choices
        label={t("visits.adherence")}
        look="segments"
        options={ADHERENCE.map((value) => ({ value, label: t(`visits.adherences.${value}`) }))}
        chosen={visit.adherence === null ? [] : [visit.adherence]}
        onChange={([adherence]) => {
          set({ adherence: adherence ?? null });
        }}
      />
      {yesNo("adverse")}
      {yesNo("complication")}
    </section>
  );
}

const MORE: readonly Figure[] = ["heart_rate", "glucose", "weight", "temperature"];

export function More({ visit, set, today }: Writing & { today: string }) {
  const { t } = useTranslation();
  return (
    <details className="card vs-card vs-more">
      <summary>{t("visits.more")}</summary>
      <Form layout="vertical" component="div">
        <Choices
          label={t("visits.mode")}
          look="segments"
          options={MODES.map((value) => ({ value, label: t(`visits.modes.${value}`) }))}
          chosen={[visit.mode]}
          onChange={([mode = "home"]) => {
            set({ mode });
          }}
        />
        <div className="vs-figures">
          {MORE.map((figure) => (
            <label key={figure} className="vs-figure">
              {t(`visits.figure.${figure}`)}
              <Big figure={figure} visit={visit} set={set} />
            </label>
          ))}
        </div>
        <Form.Item label={t("visits.on")} htmlFor="visit-on">
          <Input
            id="visit-on"
            type="date"
            max={today}
            value={visit.on}
            onChange={(event) => {
              set({ on: event.target.value });
            }}
          />
        </Form.Item>
        <Choices
          label={t("visits.condition")}
          look="chips"
          options={CONDITIONS.map((value) => ({ value, label: t(`visits.conditions.${value}`) }))}
          chosen={visit.condition === "" ? [] : [visit.condition]}
          onChange={([condition]) => {
            set({ condition: condition ?? "" });
          }}
        />
        {TEXTS.map((name) => (
          <Form.Item key={name} label={t(`visits.${name}`)} htmlFor={`visit-${name}`}>
            <Input.TextArea
              id={`visit-${name}`}
              autoSize={{ minRows: 1, maxRows: 5 }}
              value={visit[name]}
              onChange={(event) => {
                set({ [name]: event.target.value });
              }}
            />
          </Form.Item>
        ))}
      </Form>
    </details>
  );
}
