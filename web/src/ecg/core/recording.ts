/** A recording in memory: leads of counts, and what a count means in millivolts. */
import { millivolts, seconds, type Millivolts, type Seconds } from "./units.ts";

export interface Lead {
  readonly name: string;
  readonly samples: ArrayLike<number>;
  readonly microvoltsPerCount: number;
  readonly microvoltsAtZero: number;
  /** Samples from the recording's beginning to this lead's first: devices that record group after group. */
  readonly first: number;
}

export interface Recording {
  readonly leads: readonly Lead[];
  /** Samples per second and lead. */
  readonly fs: number;
}

/** The voltage at a sample of the recording; NaN where this lead was not recorded. */
export function voltageAt(lead: Lead, index: number): Millivolts {
  const count = lead.samples[index - lead.first];
  if (count === undefined) return millivolts(NaN);
  return millivolts((count * lead.microvoltsPerCount + lead.microvoltsAtZero) / 1_000);
}

export function durationOf({ leads, fs }: Recording): Seconds {
  const longest = Math.max(0, ...leads.map((lead) => lead.first + lead.samples.length));
  return seconds(fs > 0 ? longest / fs : 0);
}

export function leadOf(recording: Recording, name: string): Lead | null {
  return recording.leads.find((lead) => lead.name === name) ?? null;
}
