/** Up to three times to offer: those that everybody has free, or one that people agreed on by telephone. */
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { instant, longDay } from "../api/clock.ts";
import { consults } from "../api/resources/consults.ts";
import type { ConsultDetail } from "../api/types.ts";
import { Choices } from "../ui/Choices.tsx";
import { Note } from "../ui/Note.tsx";
import { SkeletonRows } from "../ui/Skeletons.tsx";
import { byDay, hoursOf, keyOf, shared, spoken, typed, type Span } from "./times.ts";

const MOST = 3;
const LENGTHS = [15, 30, 45, 60, 90] as const;

interface Props {
  readonly consult: ConsultDetail;
  readonly value?: readonly Span[];
  readonly onChange?: (value: readonly Span[]) => void;
}

function Free({ consult, value = [], onChange }: Props) {
  const { t, i18n } = useTranslation();
  const panel = consult.experts.map(({ id }) => id);
  const open = useQuery(consults.slots(consult.to.id, consult.from.id));
  if (open.isPending) return <SkeletonRows rows={3} />;
  const free = shared(panel, open.data?.items ?? []);
  if (free.length === 0) return <Note>{t("consult.times.none")}</Note>;
  const chosen = value.map(keyOf);
  return (
    <div className="col g8 co-days">
      {byDay(free).map(({ date, spans }) => (
        <Choices
          key={date}
          label={longDay(instant(`${date}T12:00:00+08:00`), i18n.language)}
          look="chips"
          several
          options={spans.map((span) => ({ value: keyOf(span), label: hoursOf(span) }))}
          chosen={chosen.filter((key) => spans.some((span) => keyOf(span) === key))}
          onChange={(keys) => {
            const others = value.filter((each) => !spans.some((span) => keyOf(span) === keyOf(each)));
            onChange?.([...others, ...spans.filter((span) => keys.includes(keyOf(span)))].slice(0, MOST));
          }}
        />
      ))}
    </div>
  );
}

function Other({ value = [], onChange }: Omit<Props, "consult">) {
  const { t } = useTranslation();
  const id = useId();
  const [at, setAt] = useState("");
  const [minutes, setMinutes] = useState(30);
  const span = typed(at, minutes);
  return (
    <div className="row wrap g8">
      <label htmlFor={id} className="s13 sub">
        {t("consult.times.other")}
      </label>
      <Input
        id={id}
        type="datetime-local"
        className="co-time"
        value={at}
        onChange={(event) => {
          setAt(event.target.value);
        }}
      />
      <Select
        aria-label={t("consult.times.length")}
        className="co-length"
        value={minutes}
        onChange={setMinutes}
        options={LENGTHS.map((each) => ({ value: each, label: t("consult.times.minutes", { minutes: String(each) }) }))}
      />
      <Button
        icon={<Plus aria-hidden="true" />}
        disabled={span === null || value.length >= MOST}
        onClick={() => {
          if (span !== null && !value.some((each) => keyOf(each) === keyOf(span))) onChange?.([...value, span]);
        }}
      >
        {t("consult.times.add")}
      </Button>
    </div>
  );
}

function Chosen({ value = [], onChange }: Omit<Props, "consult">) {
  const { t, i18n } = useTranslation();
  if (value.length === 0) return null;
  return (
    <ul className="items" aria-label={t("consult.times.chosen")}>
      {byDay(value).flatMap(({ spans }) =>
        spans.map((span) => (
          <li key={keyOf(span)} className="row">
            <span>{spoken(span, i18n.language)}</span>
            <Button
              type="text"
              size="small"
              icon={<X aria-hidden="true" />}
              aria-label={t("consult.times.remove", { time: spoken(span, i18n.language) })}
              onClick={() => {
                onChange?.(value.filter((each) => keyOf(each) !== keyOf(span)));
              }}
            />
          </li>
        )),
      )}
    </ul>
  );
}

export function Times(props: Props) {
  return (
    <div className="col g12">
      <Free {...props} />
      <Other {...props} />
      <Chosen {...props} />
    </div>
  );
}
