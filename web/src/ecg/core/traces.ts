/**
 * The sheet: from samples, speed, gain and layout to strokes and labels in millimetres of paper. Pure, so that tests
 * compare numbers; whoever paints (canvas, SVG for print) only multiplies by the size of a millimetre.
 */
import { layoutOf, type LayoutName } from "./layouts.ts";
import { heightOf, widthOf, type Point, type Scale } from "./paper.ts";
import { durationOf, leadOf, voltageAt, type Lead, type Recording } from "./recording.ts";
import { millivolts, mm, seconds, type Mm, type Seconds } from "./units.ts";

export interface Stroke {
  readonly kind: "trace" | "pulse" | "break";
  /** Empty for pulses and breaks. */
  readonly lead: string;
  readonly points: readonly Point[];
}

export interface Label {
  readonly text: string;
  readonly at: Point;
  /** The device did not record this lead. */
  readonly missing: boolean;
}

/** One lead's place: where its trace begins, its baseline, and which stretch of time it shows. */
export interface Cell {
  readonly lead: string;
  readonly x: Mm;
  readonly width: Mm;
  readonly baseline: Mm;
  readonly from: Seconds;
  readonly span: Seconds;
}

export interface Sheet {
  readonly width: Mm;
  readonly height: Mm;
  readonly scale: Scale;
  readonly cells: readonly Cell[];
  readonly strokes: readonly Stroke[];
  readonly labels: readonly Label[];
}

export interface SheetOptions {
  readonly layout: LayoutName;
  readonly scale: Scale;
  /** The long lead at the bottom, or the one shown alone. */
  readonly rhythm: string;
  /** Where a recording that is longer than a page begins to be shown. */
  readonly from: Seconds;
}

/** What one page shows of a long recording. */
export const PAGE = seconds(10);
/** The calibration pulse stands before the traces: 200 ms of 1 mV, with a little paper around it. */
const MARGIN = mm(10);
const PULSE = { lead: seconds(0.04), top: seconds(0.2), voltage: millivolts(1) } as const;
const BREAK_HALF = mm(4);
/** Above the first row, for its tall R waves. */
const TOP = mm(5);

export function layoutEcg(recording: Recording, options: SheetOptions): Sheet {
  const { scale } = options;
  const layout = layoutOf(
    options.layout,
    options.rhythm,
    recording.leads.map(({ name }) => name),
  );
  const shown = seconds(Math.min(PAGE, Math.max(0, durationOf(recording) - options.from)));
  const width = mm(MARGIN + widthOf(shown, scale.speed));
  const baselines = layout.rows.map((_, at) => mm(TOP + (at + 0.5) * layout.rowHeight));
  const cells = layout.rows.flatMap((row, at) => cellsOf(row, baselines[at] ?? TOP, shown, options));
  return {
    width,
    height: mm(TOP + layout.rows.length * layout.rowHeight),
    scale,
    cells,
    strokes: [
      ...baselines.map((baseline) => pulse(baseline, scale)),
      ...cells.filter(({ x }) => x > MARGIN).map(lineBetween),
      ...cells.flatMap((cell) => traceOf(recording, cell, scale)),
    ],
    labels: cells.map((cell) => labelOf(recording, cell, mm(layout.rowHeight))),
  };
}

function cellsOf(row: readonly string[], baseline: Mm, shown: Seconds, { scale, from }: SheetOptions): readonly Cell[] {
  const span = seconds(shown / row.length);
  const width = widthOf(span, scale.speed);
  return row.map((lead, column) => ({
    lead,
    x: mm(MARGIN + column * width),
    width,
    baseline,
    from: seconds(from + column * span),
    span,
  }));
}

/** The square of 1 mV and 200 ms from which a reader checks speed and gain. */
function pulse(baseline: Mm, { speed, gain }: Scale): Stroke {
  const start = mm(1);
  const up = mm(start + widthOf(PULSE.lead, speed));
  const down = mm(up + widthOf(PULSE.top, speed));
  const end = mm(down + widthOf(PULSE.lead, speed));
  const top = mm(baseline - heightOf(PULSE.voltage, gain));
  const points = [
    { x: start, y: baseline },
    { x: up, y: baseline },
    { x: up, y: top },
    { x: down, y: top },
    { x: down, y: baseline },
    { x: end, y: baseline },
  ];
  return { kind: "pulse", lead: "", points };
}

function lineBetween({ x, baseline }: Cell): Stroke {
  const points = [
    { x, y: mm(baseline - BREAK_HALF) },
    { x, y: mm(baseline + BREAK_HALF) },
  ];
  return { kind: "break", lead: "", points };
}

function traceOf(recording: Recording, cell: Cell, scale: Scale): readonly Stroke[] {
  const lead = leadOf(recording, cell.lead);
  if (lead === null) return [];
  const { fs } = recording;
  const start = Math.round(cell.from * fs);
  const first = Math.max(start, lead.first);
  const last = Math.min(start + Math.round(cell.span * fs), lead.first + lead.samples.length);
  const points = Array.from({ length: Math.max(0, last - first) }, (_, at) =>
    pointOf(lead, first + at, (first + at - start) / fs, cell, scale),
  );
  return [{ kind: "trace", lead: cell.lead, points }];
}

function pointOf(lead: Lead, index: number, after: number, cell: Cell, { speed, gain }: Scale): Point {
  return {
    x: mm(cell.x + widthOf(seconds(after), speed)),
    y: mm(cell.baseline - heightOf(voltageAt(lead, index), gain)),
  };
}

function labelOf(recording: Recording, { lead, x, baseline }: Cell, rowHeight: Mm): Label {
  const above = Math.min(rowHeight / 2 - 2.5, 9.5);
  return {
    text: lead,
    at: { x: mm(x + 1.5), y: mm(baseline - above) },
    missing: leadOf(recording, lead) === null,
  };
}
