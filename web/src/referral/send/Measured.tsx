/** Vital signs in four large tiles; the rest behind one touch. The score is the hub's, computed when the ticket is there. */
import { Button, Checkbox } from "antd";
import { ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { civil, now, isoOf } from "../../api/clock.ts";
import type { Referral } from "../../api/types.ts";
import { Choices } from "../../ui/Choices.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { AWAKE, faultOf, isAlarming, type NumberName, type VitalsText } from "./model/vitals.ts";

interface Props {
  readonly vitals: VitalsText;
  readonly onChange: (vitals: VitalsText) => void;
  /** As the hub computed it, once there is a ticket. */
  readonly news2: Referral["news2"];
}

function Figure({ name, vitals, onChange }: { name: NumberName } & Pick<Props, "vitals" | "onChange">) {
  const { t } = useTranslation();
  return (
    <input
      className={isAlarming(name, vitals[name]) ? "rf-figure critc" : "rf-figure"}
      inputMode={name === "temperature" ? "decimal" : "numeric"}
      autoComplete="off"
      aria-label={t(`refer.vitals.${name}`)}
      placeholder="–"
      value={vitals[name]}
      onChange={(event) => {
        const typed = event.target.value.replace(/[^\d.]/g, "");
        onChange({ ...vitals, [name]: typed, at: isoOf(now()) });
      }}
    />
  );
}

const TILES = ["heart_rate", "spo2", "respiratory_rate"] as const;

function Tiles({ vitals, onChange }: Pick<Props, "vitals" | "onChange">) {
  const { t } = useTranslation();
  const figure = (name: NumberName) => <Figure name={name} vitals={vitals} onChange={onChange} />;
  return (
    <div className="rf-tiles">
      <div className="rf-tile rf-tile-wide">
        <span className="rf-pressure">
          {figure("systolic")}
          <span aria-hidden="true">/</span>
          {figure("diastolic")}
        </span>
        <span>{t("refer.vitals.pressure")}</span>
      </div>
      {TILES.map((name) => (
        <div key={name} className="rf-tile">
          {figure(name)}
          <span>{t(`refer.vitals.short.${name}`)}</span>
        </div>
      ))}
    </div>
  );
}

function Rest({ vitals, onChange }: Pick<Props, "vitals" | "onChange">) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="col g12">
      <div className="row wrap g12">
        <label htmlFor={id}>{t("refer.vitals.temperature")}</label>
        <input
          id={id}
          className="rf-inline"
          inputMode="decimal"
          autoComplete="off"
          value={vitals.temperature}
          onChange={(event) => {
            onChange({ ...vitals, temperature: event.target.value.replace(/[^\d.]/g, ""), at: isoOf(now()) });
          }}
        />
        <Checkbox
          checked={vitals.onOxygen}
          onChange={(event) => {
            onChange({ ...vitals, onOxygen: event.target.checked });
          }}
        >
          {t("refer.vitals.oxygen")}
        </Checkbox>
        <Checkbox
          checked={vitals.hypercapnic}
          onChange={(event) => {
            onChange({ ...vitals, hypercapnic: event.target.checked });
          }}
        >
          {t("refer.vitals.hypercapnic")}
        </Checkbox>
      </div>
      <Choices
        label={t("refer.vitals.awake")}
        look="chips"
        options={AWAKE.map((value) => ({ value, label: t(`refer.vitals.acvpu.${value}`) }))}
        chosen={[vitals.awake]}
        onChange={([awake = "A"]) => {
          onChange({ ...vitals, awake });
        }}
      />
    </div>
  );
}

function Score({ news2 }: Pick<Props, "news2">) {
  const { t } = useTranslation();
  if (news2 === null) return <span className="s12 mut">{t("refer.vitals.scoreLater")}</span>;
  return <Tag tone={news2.total >= 5 ? "due" : "plain"}>{t("refer.vitals.score", { total: news2.total })}</Tag>;
}

function useFault(vitals: VitalsText): string | null {
  const { t } = useTranslation();
  const fault = faultOf(vitals);
  if (fault === null) return null;
  if (fault.code === "BP_ORDER") return t("refer.vitals.order");
  return t("refer.vitals.range", { name: t(`refer.vitals.${fault.name}`) });
}

export function Measured({ vitals, onChange, news2 }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const fault = useFault(vitals);
  return (
    <section className="card rf-card" aria-label={t("refer.vitals.title")}>
      <div className="row wrap">
        <h2 className="rf-h">{t("refer.vitals.title")}</h2>
        <span className="s13 mut">
          {vitals.at === null ? t("refer.vitals.none") : t("refer.vitals.at", { time: civil(vitals.at).time })}
        </span>
        <span className="sp" />
        <Score news2={news2} />
      </div>
      <Tiles vitals={vitals} onChange={onChange} />
      {fault !== null && (
        <span className="overc s13" role="status">
          {fault}
        </span>
      )}
      {open ? (
        <Rest vitals={vitals} onChange={onChange} />
      ) : (
        <Button
          type="text"
          className="rf-more"
          icon={<ChevronDown aria-hidden="true" />}
          aria-expanded={false}
          onClick={() => {
            setOpen(true);
          }}
        >
          {t("refer.vitals.more")}
        </Button>
      )}
    </section>
  );
}
