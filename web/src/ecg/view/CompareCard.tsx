/** This ECG's average beats over the last one's, aligned on R; small sheets at the same scale. */
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "../../ui/Panel.tsx";
import { averageBeat, beatsOf, gridLines, mm, pixelsPerMm, type Beat, type Recording } from "../core/index.ts";
import { fitCanvas } from "./paint.ts";

const LEADS = ["III", "aVF", "aVL", "V2"] as const;
const WIDTH = mm(38);
const HEIGHT = mm(22);
const BASELINE = mm(13);
const SPEED = 50;
const GAIN = 8;
const NOW = "#13201E";
const BEFORE = "#1D5FA8";

function paintBeat(context: CanvasRenderingContext2D, { fs, voltages }: Beat, look: { color: string; dash: number[] }) {
  const px = pixelsPerMm(1);
  context.beginPath();
  for (const [at, voltage] of voltages.entries())
    context.lineTo((at / fs) * SPEED * px * 0.95, (BASELINE - voltage * GAIN) * px);
  context.strokeStyle = look.color;
  context.setLineDash(look.dash);
  context.lineWidth = 1.3;
  context.stroke();
  context.setLineDash([]);
}

function paintPaper(context: CanvasRenderingContext2D): void {
  const px = pixelsPerMm(1);
  context.fillStyle = "#FFFCFA";
  context.fillRect(0, 0, WIDTH * px, HEIGHT * px);
  context.fillStyle = "#F3CFC6";
  for (const { at, strong } of gridLines(WIDTH)) if (strong) context.fillRect(at * px, 0, 0.7, HEIGHT * px);
  for (const { at, strong } of gridLines(HEIGHT)) if (strong) context.fillRect(0, at * px, WIDTH * px, 0.7);
}

function Pair({ lead, now, before }: { lead: string; now: Beat | null; before: Beat | null }) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const px = pixelsPerMm(1);
    const context = canvas.current && fitCanvas(canvas.current, WIDTH * px, HEIGHT * px);
    if (!context) return;
    paintPaper(context);
    if (before) paintBeat(context, before, { color: BEFORE, dash: [3, 2] });
    if (now) paintBeat(context, now, { color: NOW, dash: [] });
  }, [now, before]);
  return (
    <figure className="ecg-pair">
      <figcaption>{lead}</figcaption>
      <div role="img" aria-label={t("ecg.pair", { lead })}>
        <canvas ref={canvas} />
      </div>
    </figure>
  );
}

export function CompareCard({ now, before, when }: { now: Recording; before: Recording | null; when: string }) {
  const { t } = useTranslation();
  const pairs = useMemo(() => {
    const [beatsNow, beatsBefore] = [beatsOf(now), before === null ? [] : beatsOf(before)];
    return LEADS.map((lead) => ({
      lead,
      now: averageBeat(now, lead, beatsNow),
      before: before === null ? null : averageBeat(before, lead, beatsBefore),
    }));
  }, [now, before]);
  if (before === null) return <Panel title={t("ecg.compare")}>{t("ecg.noPrior")}</Panel>;
  return (
    <Panel title={t("ecg.compare")} aside={when}>
      <div className="ecg-pairs">
        {pairs.map((pair) => (
          <Pair key={pair.lead} {...pair} />
        ))}
      </div>
      <p className="row s12 sub ecg-legend">
        <span className="ecg-now" /> {t("ecg.this")} <span className="ecg-before" /> {t("ecg.last")}
        <span className="sp" /> {t("ecg.aligned")}
      </p>
    </Panel>
  );
}
