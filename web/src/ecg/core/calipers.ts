/** Two points on the sheet, read as milliseconds, millivolts and beats per minute; and their snap to the trace. */
import { heightOf, type Point, type Scale } from "./paper.ts";
import { leadOf, voltageAt, type Recording } from "./recording.ts";
import type { Cell, Sheet } from "./traces.ts";
import { mm } from "./units.ts";

export interface Reading {
  readonly ms: number;
  /** From the first point up to the second. */
  readonly mV: number;
  /** Of a rhythm with one beat per span; null when the span is too short to be one. */
  readonly bpm: number | null;
}

/** Below this a span is no beat-to-beat distance: 300 beats a minute. */
const SHORTEST_BEAT_MS = 200;

export function readCalipers(a: Point, b: Point, { speed, gain }: Scale): Reading {
  const ms = (Math.abs(b.x - a.x) / speed) * 1_000;
  return { ms, mV: (a.y - b.y) / gain, bpm: ms >= SHORTEST_BEAT_MS ? 60_000 / ms : null };
}

/** The lead under a point: the column it lies in, the row whose baseline is nearest. */
export function cellAt(sheet: Sheet, { x, y }: Point): Cell | null {
  const columns = sheet.cells.filter((cell) => x >= cell.x && x <= cell.x + cell.width);
  const nearest = [...columns].sort((a, b) => Math.abs(a.baseline - y) - Math.abs(b.baseline - y));
  return nearest[0] ?? null;
}

/** The point of the trace right above or below; the point itself where there is no trace. */
export function snap(recording: Recording, sheet: Sheet, point: Point): Point {
  const cell = cellAt(sheet, point);
  const lead = cell === null ? null : leadOf(recording, cell.lead);
  if (cell === null || lead === null) return point;
  const after = Math.round(((point.x - cell.x) / sheet.scale.speed) * recording.fs);
  const voltage = voltageAt(lead, Math.round(cell.from * recording.fs) + after);
  if (Number.isNaN(voltage)) return point;
  return {
    x: mm(cell.x + (after / recording.fs) * sheet.scale.speed),
    y: mm(cell.baseline - heightOf(voltage, sheet.scale.gain)),
  };
}
