/**
 * The wire's two bodies, a JSON head and an octet stream (`delta-int16-le`), back into a recording: the running sum of
 * each lead's differences, modulo 2¹⁶. The hub's own decoder is the reference.
 */
import type { Lead, Recording } from "./recording.ts";

export const ENCODING = "delta-int16-le";

export interface Group {
  /** `rhythm`, `median` or `derived`. */
  readonly kind: string;
  readonly leads: readonly string[];
  readonly samples_per_lead: number;
  readonly sampling_rate_hz: number;
  readonly start_offset_s: number;
  readonly byte_offset: number;
  readonly microvolts_per_count: readonly number[];
  readonly microvolts_at_zero: readonly number[];
}

export interface Head {
  readonly encoding: string;
  readonly groups: readonly Group[];
}

export type Decoded =
  | { readonly ok: true; readonly recording: Recording }
  | { readonly ok: false; readonly why: "encoding" | "short" | "empty" };

/** The rhythm groups of one sampling rate as one recording: a device that records 3×4 sends four of them. */
export function decode(head: Head, bytes: ArrayBuffer): Decoded {
  if (head.encoding !== ENCODING) return { ok: false, why: "encoding" };
  const rhythms = head.groups.filter(({ kind }) => kind === "rhythm");
  const groups = rhythms.length > 0 ? rhythms : head.groups;
  const fs = groups[0]?.sampling_rate_hz;
  if (fs === undefined) return { ok: false, why: "empty" };
  const same = groups.filter(({ sampling_rate_hz }) => sampling_rate_hz === fs);
  const end = Math.max(...same.map((group) => group.byte_offset + bytesOf(group)));
  if (end > bytes.byteLength) return { ok: false, why: "short" };
  const earliest = Math.min(...same.map(({ start_offset_s }) => start_offset_s));
  const leads = same.flatMap((group) => leadsOf(group, bytes, Math.round((group.start_offset_s - earliest) * fs)));
  return { ok: true, recording: { leads, fs } };
}

const BYTES_PER_SAMPLE = 2;

function bytesOf(group: Group): number {
  return group.leads.length * group.samples_per_lead * BYTES_PER_SAMPLE;
}

function leadsOf(group: Group, bytes: ArrayBuffer, first: number): readonly Lead[] {
  return group.leads.map((name, at) => ({
    name,
    samples: counts(bytes, group.byte_offset + at * group.samples_per_lead * BYTES_PER_SAMPLE, group.samples_per_lead),
    microvoltsPerCount: group.microvolts_per_count[at] ?? 1,
    microvoltsAtZero: group.microvolts_at_zero[at] ?? 0,
    first,
  }));
}

function counts(bytes: ArrayBuffer, offset: number, length: number): Int16Array {
  const deltas = new DataView(bytes, offset, length * BYTES_PER_SAMPLE);
  const out = new Int16Array(length);
  let sum = 0;
  for (let at = 0; at < length; at += 1) {
    sum += deltas.getInt16(at * BYTES_PER_SAMPLE, true);
    out[at] = sum; // an Int16Array wraps by itself: modulo 2¹⁶
  }
  return out;
}
