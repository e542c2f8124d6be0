/** The door of the ECG's core. */
export { averageBeat, beatsOf, type Beat } from "./average.ts";
export { cellAt, readCalipers, snap, type Reading } from "./calipers.ts";
export { LAYOUTS, TWELVE, type LayoutName } from "./layouts.ts";
export {
  CARD_WIDTH,
  calibrationFrom,
  GAINS,
  gridLines,
  heightOf,
  pixelsPerMm,
  SPEEDS,
  widthOf,
  type Point,
  type Scale,
} from "./paper.ts";
export { decode, type Head } from "./payload.ts";
export { durationOf, leadOf, voltageAt, type Lead, type Recording } from "./recording.ts";
export { layoutEcg, PAGE, type Cell, type Label, type Sheet, type SheetOptions, type Stroke } from "./traces.ts";
export { millivolts, mm, mmPerMillivolt, mmPerSecond, seconds, type Mm, type PxPerMm, type Seconds } from "./units.ts";
