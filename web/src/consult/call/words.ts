/** Which words a kept call is told in: of a line, of a recording, of a refusal. Pure. */
import { civil, instant, type Instant } from "../../api/clock.ts";
import { Problem } from "../../api/problems.ts";
import type { CallLine, CallMessage, ConsultDetail, Recording } from "../../api/types.ts";

export type LineWord = "clear" | "fair" | "poor" | "audio-only" | "unknown";

interface Limits {
  readonly rtt: number;
  readonly loss: number;
  readonly frozen: number;
}

const POOR: Limits = { rtt: 400, loss: 0.05, frozen: 0.3 };
const FAIR: Limits = { rtt: 200, loss: 0.02, frozen: 0.1 };

function reaches({ rtt_ms, loss, frozen }: CallLine, limits: Limits): boolean {
  return (rtt_ms ?? 0) >= limits.rtt || (loss ?? 0) >= limits.loss || frozen >= limits.frozen;
}

/** How somebody's line did over the call, by the middle of its samples. */
export function lineWordOf(line: CallLine | undefined): LineWord {
  if (line === undefined || (line.rtt_ms === null && line.loss === null)) return "unknown";
  if (line.audio_only > 0.5) return "audio-only";
  if (reaches(line, POOR)) return "poor";
  return reaches(line, FAIR) ? "fair" : "clear";
}

export type RecordingWord = "running" | "destroyed" | "empty" | "playable";

export function recordingWordOf({ destroyed_at, ended_at, tracks }: Recording): RecordingWord {
  if (destroyed_at !== null) return "destroyed";
  if (ended_at === null) return "running";
  return tracks.length === 0 ? "empty" : "playable";
}

const WHY = ["withdrawn", "stopped", "left", "ended"] as const;

export function whyEnded({ ended_why }: Recording): (typeof WHY)[number] | null {
  return WHY.find((it) => it === ended_why) ?? null;
}

/** `09:00–09:20`; within one minute the seconds too. */
export function hoursOf(since: string, until: string): string {
  const [from, to] = [civil(since), civil(until)];
  if (from.time === to.time) return `${from.timeWithSeconds}–${to.timeWithSeconds}`;
  return `${from.time}–${to.time}`;
}

/** Refused because of who asks, and not because something is broken. */
export function isRefused(failure: unknown): boolean {
  return failure instanceof Problem && failure.status === 403;
}

const RUNNING: readonly string[] = ["in-call", "interrupted"];

export function isRunning({ state }: ConsultDetail): boolean {
  return RUNNING.includes(state);
}

/** What is kept of a call that is over changes only with an event, and each look at it is on record. */
export function staysOf(consult: ConsultDetail): { readonly staleTime?: number } {
  return isRunning(consult) ? {} : { staleTime: Infinity };
}

/** How many messages had been written by a moment: the last of them is where the talk stood. */
export function writtenBy(messages: readonly CallMessage[], at: Instant): number {
  return messages.filter((message) => instant(message.at) <= at).length;
}

/** Whole percents; what is there, but little, is one and not none. */
export function percent(share: number): number {
  return share > 0 ? Math.max(1, Math.round(share * 100)) : 0;
}
