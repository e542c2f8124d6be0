/** Who drives and who rides along: one line, and the fields behind it. */
import { Button, Form, Input } from "antd";
import { Ambulance, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { civil, nextAt } from "../../api/clock.ts";
import { Choices } from "../../ui/Choices.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import type { Written } from "./model/written.ts";

const MODES = ["ambulance", "own-car", "walks"] as const;
type Mode = (typeof MODES)[number];

export interface Writing {
  readonly it: Written;
  readonly set: (patch: Partial<Written>) => void;
}

function isMode(word: string): word is Mode {
  return MODES.some((mode) => mode === word);
}

function Fields({ it, set }: Writing) {
  const { t } = useTranslation();
  const texts = ["vehicle", "escort", "phone"] as const;
  return (
    <Form layout="vertical" component="div">
      <Choices
        label={t("refer.ride.mode")}
        look="segments"
        options={MODES.map((value) => ({ value, label: t(`refer.ride.modes.${value}`) }))}
        chosen={isMode(it.mode) ? [it.mode] : []}
        onChange={([mode = "ambulance"]) => {
          set({ mode });
        }}
      />
      {texts.map((name) => (
        <Form.Item key={name} label={t(`refer.ride.${name}`)} htmlFor={`ride-${name}`}>
          <Input
            id={`ride-${name}`}
            size="large"
            value={it[name]}
            onChange={(event) => {
              set({ [name]: event.target.value });
            }}
          />
        </Form.Item>
      ))}
      <Form.Item label={t("refer.ride.expected")} htmlFor="ride-expected">
        <Input
          id="ride-expected"
          type="time"
          size="large"
          value={it.expectedAt === null ? "" : civil(it.expectedAt).time}
          onChange={(event) => {
            set({ expectedAt: nextAt(event.target.value) });
          }}
        />
      </Form.Item>
    </Form>
  );
}

export function Ride({ it, set }: Writing) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
  };
  const car = it.vehicle || (isMode(it.mode) ? t(`refer.ride.modes.${it.mode}`) : it.mode);
  const words = it.escort === "" ? car : t("refer.ride.with", { car, escort: it.escort });
  return (
    <>
      <button
        type="button"
        className="card rf-row"
        aria-haspopup="dialog"
        onClick={() => {
          setOpen(true);
        }}
      >
        <Ambulance aria-hidden="true" />
        <span className="visually-hidden">{t("refer.ride.title")}</span>
        <span className="sp">{words}</span>
        {it.expectedAt !== null && (
          <span className="sub nw">{t("refer.ride.due", { time: civil(it.expectedAt).time })}</span>
        )}
        <ChevronRight aria-hidden="true" />
      </button>
      <Sheet title={t("refer.ride.title")} open={open} onClose={close}>
        <Fields it={it} set={set} />
        <div className="sheet-foot">
          <Button type="primary" size="large" onClick={close}>
            {t("refer.done")}
          </Button>
        </div>
      </Sheet>
    </>
  );
}
