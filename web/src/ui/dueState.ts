/** What a clock shows: pure, from the hub's facts and an instant. */
import { instant, type Instant } from "../api/clock.ts";

/** The facts of a deadline as resources carry them. */
export interface Limit {
  readonly due_at: string | null;
  readonly limit_minutes: number | null;
  readonly paused_at?: string | null;
  /** When it was finished, for what is over. */
  readonly done_at?: string | null;
}

export type DueState =
  | { readonly at: "not-started" }
  | { readonly at: "ample" | "due"; readonly leftMs: number; readonly share: number }
  | { readonly at: "over"; readonly overMs: number }
  | { readonly at: "paused"; readonly leftMs: number }
  | { readonly at: "done"; readonly inTime: boolean; readonly spanMs: number };

/** From a quarter of the limit on, a deadline is near. */
const NEAR = 0.25;

function done(due: Instant, doneAt: Instant, limitMs: number | null): DueState {
  if (doneAt > due) return { at: "done", inTime: false, spanMs: doneAt - due };
  return { at: "done", inTime: true, spanMs: limitMs === null ? 0 : Math.max(0, limitMs - (due - doneAt)) };
}

function running(leftMs: number, limitMs: number | null): DueState {
  if (leftMs < 0) return { at: "over", overMs: -leftMs };
  const share = limitMs === null || limitMs <= 0 ? 1 : Math.min(1, leftMs / limitMs);
  return { at: share <= NEAR ? "due" : "ample", leftMs, share };
}

export function dueState(limit: Limit, now: Instant): DueState {
  if (limit.due_at === null) return { at: "not-started" };
  const due = instant(limit.due_at);
  const limitMs = limit.limit_minutes === null ? null : limit.limit_minutes * 60_000;
  if (limit.done_at) return done(due, instant(limit.done_at), limitMs);
  if (limit.paused_at) return { at: "paused", leftMs: Math.max(0, due - instant(limit.paused_at)) };
  return running(due - now, limitMs);
}

/** How soon the drawing changes: each second below an hour, else each half minute. */
export function redrawEvery(state: DueState): number | null {
  if (state.at === "ample" || state.at === "due") return state.leftMs < 3_600_000 ? 1_000 : 30_000;
  if (state.at === "over") return state.overMs < 3_600_000 ? 1_000 : 30_000;
  return null;
}

const two = (n: number) => String(n).padStart(2, "0");

export type Span =
  | { readonly unit: "digits"; readonly text: string }
  | { readonly unit: "hours"; readonly hours: number; readonly minutes: number }
  | { readonly unit: "days"; readonly days: number };

/** `mm:ss` under an hour, hours and minutes under a day, days beyond. */
export function spanOf(ms: number): Span {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 3_600) return { unit: "digits", text: `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}` };
  if (seconds < 86_400)
    return { unit: "hours", hours: Math.floor(seconds / 3_600), minutes: Math.floor((seconds % 3_600) / 60) };
  return { unit: "days", days: Math.floor(seconds / 86_400) };
}
