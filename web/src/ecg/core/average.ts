/** One average beat per lead, aligned on R: what two ECGs of a person are laid over each other by. */
import { leadOf, voltageAt, type Lead, type Recording } from "./recording.ts";
import { millivolts, type Millivolts } from "./units.ts";

export interface Beat {
  readonly fs: number;
  /** Index of R inside the beat. */
  readonly r: number;
  readonly voltages: readonly Millivolts[];
}

const BEFORE_S = 0.3;
const AFTER_S = 0.5;
/** No two beats are nearer than this. */
const REFRACTORY_S = 0.28;
/** A beat reaches this share of the steepest slope of the recording. */
const SHARE_OF_STEEPEST = 0.5;

/** Where the R waves are: the steepest moments over all leads, a refractory time apart. Drawing only, not measuring. */
export function beatsOf(recording: Recording): readonly number[] {
  const slopes = slopeOf(recording);
  const threshold = thresholdOf(slopes);
  const refractory = Math.round(REFRACTORY_S * recording.fs);
  const found: number[] = [];
  slopes.forEach((slope, at) => {
    if (slope < threshold || slope === 0) return;
    const last = found.at(-1);
    if (last === undefined || at - last > refractory) found.push(at);
    else if (slope > (slopes[last] ?? 0)) found[found.length - 1] = at;
  });
  return found;
}

/** The highest slope is often an artefact: what one in 250 samples reaches is a QRS. */
function thresholdOf(slopes: readonly number[]): number {
  const ranked = [...slopes].sort((a, b) => b - a);
  return (ranked[Math.round(ranked.length / 250)] ?? 0) * SHARE_OF_STEEPEST;
}

function slopeOf({ leads, fs }: Recording): readonly number[] {
  const length = Math.max(0, ...leads.map((lead) => lead.first + lead.samples.length));
  const step = Math.max(1, Math.round(0.008 * fs));
  return Array.from({ length }, (_, at) => {
    const squares = leads.map((lead) => (finite(lead, at + step) - finite(lead, at - step)) ** 2);
    return Math.sqrt(squares.reduce((sum, it) => sum + it, 0));
  });
}

function finite(lead: Lead, index: number): number {
  const voltage = voltageAt(lead, index);
  return Number.isNaN(voltage) ? 0 : voltage;
}

/** The median beat of a lead; null when it was not recorded or has no two whole beats. */
export function averageBeat(recording: Recording, name: string, beats: readonly number[]): Beat | null {
  const lead = leadOf(recording, name);
  if (lead === null) return null;
  const { fs } = recording;
  const r = Math.round(BEFORE_S * fs);
  const length = r + Math.round(AFTER_S * fs);
  const whole = beats.filter((at) => at - r >= lead.first && at - r + length <= lead.first + lead.samples.length);
  if (whole.length < 2) return null;
  const voltages = Array.from({ length }, (_, at) => median(whole.map((beat) => voltageAt(lead, beat - r + at))));
  const rest = median(voltages.slice(0, Math.round(0.08 * fs)));
  return { fs, r, voltages: voltages.map((voltage) => millivolts(voltage - rest)) };
}

function median(values: readonly number[]): Millivolts {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return millivolts(sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2);
}
