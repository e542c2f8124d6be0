/** The paper: how time and voltage become millimetres, where the lines of the grid run, how large a millimetre is. */
import {
  mm,
  mmPerMillivolt,
  mmPerSecond,
  pxPerMm,
  type Millivolts,
  type Mm,
  type MmPerMillivolt,
  type MmPerSecond,
  type PxPerMm,
  type Seconds,
} from "./units.ts";

export interface Scale {
  readonly speed: MmPerSecond;
  readonly gain: MmPerMillivolt;
}

export const SPEEDS = [25, 50] as const;
export const GAINS = [5, 10, 20] as const;
export const STANDARD: Scale = { speed: mmPerSecond(25), gain: mmPerMillivolt(10) };

/** A point of the sheet; y runs downwards, as paper is read. */
export interface Point {
  readonly x: Mm;
  readonly y: Mm;
}

/** Millimetres of paper that a span of time takes: 200 ms at 25 mm/s are 5.0 mm. */
export function widthOf(span: Seconds, speed: MmPerSecond): Mm {
  return mm(span * speed);
}

/** Millimetres of paper that a voltage takes: 1 mV at 10 mm/mV is 10.0 mm. */
export function heightOf(voltage: Millivolts, gain: MmPerMillivolt): Mm {
  return mm(voltage * gain);
}

/** The CSS reference pixel is 1/96 inch. */
const CSS_PX_PER_MM = 96 / 25.4;
/** ISO/IEC 7810 ID-1, the long side of a bank card: what people hold against the screen. */
export const CARD_WIDTH = mm(85.6);
const LEAST_CALIBRATION = 0.5;
const MOST_CALIBRATION = 3;

/** CSS pixels per millimetre of paper with this screen's calibration (1 is the reference pixel). */
export function pixelsPerMm(calibration: number): PxPerMm {
  return pxPerMm(CSS_PX_PER_MM * clampCalibration(calibration));
}

/** The calibration at which a card drawn so many CSS pixels wide covers a real one. */
export function calibrationFrom(cardPx: number): number {
  return clampCalibration(cardPx / (CARD_WIDTH * CSS_PX_PER_MM));
}

function clampCalibration(calibration: number): number {
  if (!Number.isFinite(calibration)) return 1;
  return Math.min(MOST_CALIBRATION, Math.max(LEAST_CALIBRATION, calibration));
}

export interface GridLine {
  readonly at: Mm;
  /** Every fifth line is drawn stronger. */
  readonly strong: boolean;
}

/** Where the lines of one direction run over a length of paper: each millimetre, the edges too. */
export function gridLines(length: Mm): readonly GridLine[] {
  return Array.from({ length: Math.floor(length) + 1 }, (_, at) => ({ at: mm(at), strong: at % 5 === 0 }));
}
