/** How the sheet is drawn: layout, speed, gain, lead; calipers; print; and what the quality of the recording is. */
import { Button, Segmented, Select } from "antd";
import { Check, Printer, Ruler, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Ecg } from "../../api/types.ts";
import { keysOf } from "../../keys/bindings.ts";
import { Kbd } from "../../ui/Kbd.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { GAINS, LAYOUTS, SPEEDS, TWELVE, type LayoutName } from "../core/index.ts";

export interface Drawing {
  readonly layout: LayoutName;
  readonly speed: (typeof SPEEDS)[number];
  readonly gain: (typeof GAINS)[number];
  readonly rhythm: string;
  readonly calipers: boolean;
}

interface Props {
  readonly drawing: Drawing;
  readonly onChange: (changed: Partial<Drawing>) => void;
  readonly head: Ecg;
}

function Quality({ head }: { head: Ecg }) {
  const { t } = useTranslation();
  const bad = head.opinion.quality.length > 0;
  return (
    <Tag tone={bad ? "due" : "ok"} icon={bad ? TriangleAlert : Check}>
      {bad ? t("ecg.quality.doubtful") : t("ecg.quality.good")}
    </Tag>
  );
}

function Switches({ drawing, onChange }: Omit<Props, "head">) {
  const { t } = useTranslation();
  return (
    <>
      <Segmented
        aria-label={t("ecg.layout.label")}
        options={LAYOUTS.map((value) => ({ value, label: t(`ecg.layout.${value}`) }))}
        value={drawing.layout}
        onChange={(layout) => {
          onChange({ layout });
        }}
      />
      <Segmented
        aria-label={t("ecg.speed")}
        options={SPEEDS.map((value) => ({ value, label: value === 25 ? "25" : `${String(value)} mm/s` }))}
        value={drawing.speed}
        onChange={(speed) => {
          onChange({ speed });
        }}
      />
      <Segmented
        aria-label={t("ecg.gain")}
        options={GAINS.map((value) => ({ value, label: value === 20 ? "20 mm/mV" : String(value) }))}
        value={drawing.gain}
        onChange={(gain) => {
          onChange({ gain });
        }}
      />
      {(drawing.layout === "single" || drawing.layout === "3x4+1") && (
        <Select
          aria-label={t("ecg.rhythm")}
          value={drawing.rhythm}
          options={TWELVE.map((value) => ({ value, label: value }))}
          style={{ width: 68 }}
          onChange={(rhythm) => {
            onChange({ rhythm });
          }}
        />
      )}
    </>
  );
}

export function EcgToolbar({ drawing, onChange, head }: Props) {
  const { t } = useTranslation();
  return (
    <div className="ecg-toolbar" role="toolbar" aria-label={t("ecg.toolbar")}>
      <Switches drawing={drawing} onChange={onChange} />
      <Button
        icon={<Ruler aria-hidden="true" />}
        type={drawing.calipers ? "primary" : "default"}
        aria-pressed={drawing.calipers}
        onClick={() => {
          onChange({ calipers: !drawing.calipers });
        }}
      >
        {t("ecg.calipers")} <Kbd keys={keysOf("viewer", "length")} />
      </Button>
      <span className="sp" />
      <Quality head={head} />
      <Button
        icon={<Printer aria-hidden="true" />}
        onClick={() => {
          globalThis.print();
        }}
      >
        {t("ecg.print")}
      </Button>
    </div>
  );
}
