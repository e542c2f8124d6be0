/**
 * The only place that reads a clock. `now()` is the hub's time: own clock plus the offset that the event stream's
 * heartbeat measured. Texts are in Asia/Shanghai whatever the computer is set to.
 */

/** Milliseconds since the epoch, on the hub's clock. */
export type Instant = number;

const ZONE = "Asia/Shanghai";
let offset = 0;

/** Takes the hub's time from a heartbeat or an answer; half of the round trip is given back. */
export function syncClock(hubNow: string, roundTripMs = 0): void {
  const heard = Date.parse(hubNow);
  if (Number.isNaN(heard)) return;
  offset = heard + roundTripMs / 2 - Date.now();
}

export function now(): Instant {
  return Date.now() + offset;
}

/** Parses an RFC 3339 time of the hub; NaN for what is no time. */
export function instant(iso: string): Instant {
  return Date.parse(iso);
}

/** An instant as the hub writes one. */
export function isoOf(at: Instant): string {
  return new Date(at).toISOString();
}

/** The local clock, for measuring spans only: it never jumps. */
export function monotonic(): number {
  return performance.now();
}

const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

interface Civil {
  /** `2026-11-23` */
  readonly date: string;
  /** `08:34` */
  readonly time: string;
  /** `08:34:07` */
  readonly timeWithSeconds: string;
}

/** The wall clock in Shanghai at an instant. */
export function civil(at: Instant | string): Civil {
  const when = typeof at === "string" ? instant(at) : at;
  const parts = Object.fromEntries(PARTS.formatToParts(when).map((part) => [part.type, part.value]));
  const time = `${parts["hour"] ?? ""}:${parts["minute"] ?? ""}`;
  return {
    date: `${parts["year"] ?? ""}-${parts["month"] ?? ""}-${parts["day"] ?? ""}`,
    time,
    timeWithSeconds: `${time}:${parts["second"] ?? ""}`,
  };
}

/** Whole days between two dates as people count them: yesterday is 1, whatever the hour. */
export function daysBetween(earlier: Instant, later: Instant): number {
  return Math.round((Date.parse(civil(later).date) - Date.parse(civil(earlier).date)) / 86_400_000);
}

/** `11月23日 星期一` or `Monday 23 November`. */
export function longDay(at: Instant, language: string): string {
  return new Intl.DateTimeFormat(language, { timeZone: ZONE, month: "long", day: "numeric", weekday: "long" }).format(
    at,
  );
}

/** The last time before now that a wall clock in Shanghai showed `07:20`; null for what is no time. */
export function lastAt(time: string, before: Instant = now()): string | null {
  const today = Date.parse(`${civil(before).date}T${time}:00+08:00`);
  if (Number.isNaN(today)) return null;
  return isoOf(today > before ? today - 86_400_000 : today);
}

/** The next time from now on that a wall clock in Shanghai shows `09:32`; null for what is no time. */
export function nextAt(time: string, after: Instant = now()): string | null {
  const today = Date.parse(`${civil(after).date}T${time}:00+08:00`);
  if (Number.isNaN(today)) return null;
  return isoOf(today < after ? today + 86_400_000 : today);
}
