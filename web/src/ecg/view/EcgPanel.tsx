/** The 12-lead sheet with its toolbar and foot: true to size, as paper would show it. */
import { Button } from "antd";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Ecg } from "../../api/types.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { Note } from "../../ui/Note.tsx";
import {
  durationOf,
  layoutEcg,
  mmPerMillivolt,
  mmPerSecond,
  PAGE,
  pixelsPerMm,
  seconds,
  type Recording,
  type Sheet,
} from "../core/index.ts";
import { CalibrateDialog } from "./CalibrateDialog.tsx";
import "./ecg.css";
import { EcgCanvas } from "./EcgCanvas.tsx";
import { EcgPrint } from "./EcgPrint.tsx";
import { EcgToolbar, type Drawing } from "./EcgToolbar.tsx";
import { useCalibration } from "./useCalibration.ts";

const USUAL: Drawing = { layout: "3x4+1", speed: 25, gain: 10, rhythm: "II", calipers: false };

/** Wide enough to part two facts in one line, in both scripts. */
const GAP = "\u3000";

/** Filters as the device states them: `0.05–100 Hz`, `50 Hz`. */
function useFilterWords(head: Ecg): string {
  const { t } = useTranslation();
  const filters = head.groups[0]?.filters;
  if (filters === undefined) return t("ecg.filter.unknown");
  const { low_hz: low, high_hz: high, notch_hz: notch } = filters;
  const band =
    low === null && high === null ? t("ecg.filter.unknown") : `${String(low ?? "—")}–${String(high ?? "—")} Hz`;
  return !notch ? band : `${band}${GAP}${t("ecg.filter.notch", { hz: notch })}`;
}

function Foot({ words, onCalibrate, calibrated }: { words: string; onCalibrate: () => void; calibrated: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="ecg-foot">
      <span>{words}</span>
      <span className="sp" />
      <span>{t("ecg.trueScale")}</span>
      <Button type="link" size="small" onClick={onCalibrate}>
        {calibrated ? t("ecg.calibrate.again") : t("ecg.calibrate.title")}
      </Button>
    </div>
  );
}

/** Flags over the leads they concern: readable still, but not to be believed blindly. */
function QualityNotes({ head }: { head: Ecg }) {
  const { t } = useTranslation();
  const found = head.opinion.quality;
  if (found.length === 0) return null;
  const words = found.map(({ flag, lead }) => {
    const known = FLAGS.find((it) => it === flag);
    return `${lead ?? ""} ${known === undefined ? flag : t(`ecg.flag.${known}`)}`.trim();
  });
  return <Note tone="due">{words.join(" · ")}</Note>;
}

const FLAGS = ["leads-missing", "too-short", "flat-lead", "arm-leads-reversed", "lead-off", "noisy-lead"] as const;

function Pages({ from, total, onTurn }: { from: number; total: number; onTurn: (from: number) => void }) {
  const { t } = useTranslation();
  if (total <= PAGE * 1.05) return null;
  const turn = (pages: number) => () => {
    onTurn(Math.min(Math.max(0, from + pages * PAGE), Math.max(0, total - PAGE)));
  };
  return (
    <div className="row ecg-pages">
      <Button size="small" icon={<ChevronLeft aria-hidden="true" />} aria-label={t("ecg.earlier")} onClick={turn(-1)} />
      <span className="s13 sub nw">
        {t("ecg.pageOf", { from: from.toFixed(0), to: (from + PAGE).toFixed(0), total: total.toFixed(0) })}
      </span>
      <Button size="small" icon={<ChevronRight aria-hidden="true" />} aria-label={t("ecg.later")} onClick={turn(1)} />
    </div>
  );
}

function useSheet(recording: Recording, { layout, speed, gain, rhythm }: Drawing, from: number): Sheet {
  return useMemo(
    () =>
      layoutEcg(recording, {
        layout,
        rhythm,
        scale: { speed: mmPerSecond(speed), gain: mmPerMillivolt(gain) },
        from: seconds(from),
      }),
    [recording, layout, speed, gain, rhythm, from],
  );
}

/** `title` names the patient on the printed sheet. */
export function EcgPanel({ head, recording, title }: { head: Ecg; recording: Recording; title: string }) {
  const { t } = useTranslation();
  const [drawing, setDrawing] = useState(USUAL);
  const [from, setFrom] = useState(0);
  const [calibrating, setCalibrating] = useState(false);
  const calibration = useCalibration();
  const sheet = useSheet(recording, drawing, from);
  const change = (changed: Partial<Drawing>) => {
    setDrawing((before) => ({ ...before, ...changed }));
  };
  useKeys("viewer", {
    length: () => {
      change({ calipers: !drawing.calipers });
    },
  });
  const filters = useFilterWords(head);
  const words = [
    `${String(drawing.speed)} mm/s`,
    `${String(drawing.gain)} mm/mV`,
    filters,
    `${String(recording.fs)} Hz`,
  ].join(GAP);
  const label = t("ecg.sheet", { layout: t(`ecg.layout.${drawing.layout}`), speed: drawing.speed, gain: drawing.gain });
  return (
    <section className="card ecg-panel">
      <EcgToolbar drawing={drawing} onChange={change} head={head} />
      <QualityNotes head={head} />
      <Pages from={from} total={durationOf(recording)} onTurn={setFrom} />
      {/* A sheet wider than the screen is scrolled, never shrunk; the keyboard must reach what scrolls. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="ecg-scroll" role="region" aria-label={t("ecg.paper")} tabIndex={0}>
        <EcgCanvas
          recording={recording}
          sheet={sheet}
          px={pixelsPerMm(calibration.value)}
          label={label}
          calipersOn={drawing.calipers}
        />
      </div>
      <Foot
        words={words}
        calibrated={calibration.measured}
        onCalibrate={() => {
          setCalibrating(true);
        }}
      />
      <CalibrateDialog
        open={calibrating}
        calibration={calibration}
        onClose={() => {
          setCalibrating(false);
        }}
      />
      <EcgPrint sheet={sheet} title={title} foot={`${words}${GAP}${t("ecg.machineOnly")}`} />
    </section>
  );
}
