/** The questions of one command on a bed. */
import { Button, Input, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { now } from "../../api/clock.ts";
import type { BedCommand } from "../../api/resources/beds.ts";
import type { Bed, Pool } from "../../api/types.ts";
import { Choices } from "../../ui/Choices.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { onDay } from "./model/civilTime.ts";
import { answersFor, bodyOf, fieldsOf, missing, type Answers, type Field } from "./model/work.ts";

const POOLS: readonly Pool[] = ["general", "reserved", "emergency"];
const SEXES = ["male", "female"] as const;
const SOON = [
  ["today", 0, "16:00"],
  ["tomorrow", 1, "10:00"],
  ["after", 2, "10:00"],
] as const;

interface AskProps {
  readonly id: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Time({ id, value, onChange }: AskProps) {
  const { t } = useTranslation();
  return (
    <span className="row wrap">
      <Input
        id={id}
        type="datetime-local"
        className="bb-time"
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
      {SOON.map(([word, days, time]) => (
        <Button
          key={word}
          size="small"
          onClick={() => {
            onChange(onDay(now(), days, time));
          }}
        >
          {t(`beds.form.soon.${word}`)}
        </Button>
      ))}
    </span>
  );
}

function Pools({ value, onChange }: AskProps) {
  const { t } = useTranslation();
  return (
    <Choices
      label={t("beds.form.pool")}
      look="segments"
      options={POOLS.map((pool) => ({ value: pool, label: t(`referral.pool.${pool}`) }))}
      chosen={POOLS.filter((pool) => pool === value)}
      onChange={([pool]) => {
        if (pool !== undefined) onChange(pool);
      }}
    />
  );
}

function Sexes({ value, onChange }: AskProps) {
  const { t } = useTranslation();
  return (
    <Choices
      label={t("beds.form.sex")}
      look="segments"
      options={SEXES.map((sex) => ({ value: sex, label: t(`ui.sex.${sex}`) }))}
      chosen={SEXES.filter((sex) => sex === value)}
      onChange={([sex]) => {
        if (sex !== undefined) onChange(sex);
      }}
    />
  );
}

function Words({ id, value, onChange }: AskProps) {
  return (
    <Input
      id={id}
      maxLength={200}
      value={value}
      onChange={(event) => {
        onChange(event.target.value);
      }}
    />
  );
}

function To({ id, value, onChange, free }: AskProps & { free: readonly Bed[] }) {
  const { t } = useTranslation();
  if (free.length === 0) return <span className="s13 duec">{t("beds.form.noBed")}</span>;
  return (
    <Select
      id={id}
      value={value}
      className="bb-select"
      options={free.map((bed) => ({ value: bed.id, label: bed.label }))}
      onChange={onChange}
    />
  );
}

/** These carry their own label. */
const CHOSEN = { pool: Pools, sex: Sexes } as const;
const TYPED = { reason: Words, label: Words, until: Time, expected: Time } as const;

function Question({ field, free, ...ask }: Omit<AskProps, "id"> & { field: Field; free: readonly Bed[] }) {
  const { t } = useTranslation();
  const id = useId();
  if (field === "pool" || field === "sex") {
    const Choose = CHOSEN[field];
    return <Choose id={id} {...ask} />;
  }
  const Ask = field === "to" ? null : TYPED[field];
  return (
    <div className="col g4">
      <label htmlFor={id}>{t(`beds.form.${field}`)}</label>
      {Ask === null ? <To id={id} free={free} {...ask} /> : <Ask id={id} {...ask} />}
    </div>
  );
}

interface Props {
  readonly name: BedCommand;
  readonly bed: Bed;
  readonly free: readonly Bed[];
  readonly pending: boolean;
  readonly failure: unknown;
  readonly onRun: (body: object) => void;
  readonly onBack: () => void;
}

export function WorkForm({ name, bed, free, pending, failure, onRun, onBack }: Props) {
  const { t } = useTranslation();
  const [answers, setAnswers] = useState<Answers>(() => answersFor(bed, free));
  const lacks = missing(name, answers);
  return (
    <form
      className="col g12"
      onSubmit={(event) => {
        event.preventDefault();
        if (lacks === null) onRun(bodyOf(name, answers));
      }}
    >
      {fieldsOf(name).map((field) => (
        <Question
          key={field}
          field={field}
          free={free}
          value={answers[field]}
          onChange={(value) => {
            setAnswers((known) => ({ ...known, [field]: value }));
          }}
        />
      ))}
      <ProblemNote failure={failure} />
      {lacks === "reason" && <p className="s12 mut">{t("beds.form.needReason")}</p>}
      <div className="sheet-foot">
        <Button onClick={onBack}>{t("beds.form.back")}</Button>
        <Button type="primary" htmlType="submit" loading={pending} disabled={lacks !== null}>
          {t(`beds.command.${name}`)}
        </Button>
      </div>
    </form>
  );
}
