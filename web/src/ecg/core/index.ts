/** The door of the ECG's core. */
export { averageBeat, beatsOf, type Beat } from "./average.ts";
export { readCalipers, snap, type Reading } from "./calipers.ts";
export { LAYOUTS, TWELVE, type LayoutName } from "./layouts.ts";
export { CARD_WIDTH, calibrationFrom, GAINS, gridLines, pixelsPerMm, SPEEDS, type Point } from "./paper.ts";
export { decode } from "./payload.ts";
export { durationOf, type Recording } from "./recording.ts";
export { layoutEcg, PAGE, type Sheet, type Stroke } from "./traces.ts";
export { mm, mmPerMillivolt, mmPerSecond, seconds, type PxPerMm } from "./units.ts";
