/** Times of a consult: what everybody of a panel has free, days to put them under, what a person types. Pure. */
import { civil, instant, isoOf, longDay } from "../api/clock.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export interface Span {
  readonly begins_at: string;
  readonly ends_at: string;
}

interface Open extends Span {
  readonly expert: { readonly id: string };
}

export const keyOf = ({ begins_at, ends_at }: Span): string => `${begins_at}/${ends_at}`;

/** Times that every expert of the panel has: one who has another hour cannot come. */
export function shared(panel: readonly string[], open: readonly Open[]): readonly Span[] {
  const of = panel.map((id) => new Set(open.filter(({ expert }) => expert.id === id).map(keyOf)));
  return open
    .filter(({ expert }) => expert.id === panel[0])
    .filter((span) => of.every((keys) => keys.has(keyOf(span))))
    .map(({ begins_at, ends_at }) => ({ begins_at, ends_at }));
}

/** `09:00–09:30` */
export function hoursOf({ begins_at, ends_at }: Span): string {
  return `${civil(begins_at).time}–${civil(ends_at).time}`;
}

/** `11月27日 星期五 09:00–09:30`: people agree on a day of the week. */
export function spoken(span: Span, language: string): string {
  return `${longDay(instant(span.begins_at), language)} ${hoursOf(span)}`;
}

export interface Day<T extends Span> {
  readonly date: string;
  readonly spans: readonly T[];
}

/** By the county's day, the next first. */
export function byDay<T extends Span>(spans: readonly T[]): readonly Day<T>[] {
  const days = new Map<string, T[]>();
  for (const span of spans.toSorted((a, b) => instant(a.begins_at) - instant(b.begins_at))) {
    const { date } = civil(span.begins_at);
    days.set(date, [...(days.get(date) ?? []), span]);
  }
  return [...days].map(([date, found]) => ({ date, spans: found }));
}

/** What a field of date and time and a length are together; null for no time. */
export function typed(at: string, minutes: number): Span | null {
  const begins = instant(`${at}:00+08:00`);
  return Number.isNaN(begins) ? null : { begins_at: isoOf(begins), ends_at: isoOf(begins + minutes * MINUTE_MS) };
}

/** The day that many days later: `2026-11-23`, 1 is `2026-11-24`. */
export function dayAfter(date: string, days: number): string {
  return civil(instant(`${date}T12:00:00+08:00`) + days * DAY_MS).date;
}
