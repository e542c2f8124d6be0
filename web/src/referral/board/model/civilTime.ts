/** Times that people type, in the county's zone whatever the computer is set to. Pure. */
import { civil, type Instant } from "../../../api/clock.ts";

const DAY_MS = 86_400_000;

/** What a field of date and time holds, as the hub's RFC 3339; null for an empty one. */
export function toHub(typed: string): string | null {
  return typed === "" ? null : `${typed}:00+08:00`;
}

/** What the field shows. */
export function toField(iso: string | null): string {
  if (iso === null) return "";
  const { date, time } = civil(iso);
  return `${date}T${time}`;
}

/** That many days from now, at that hour. */
export function onDay(now: Instant, days: number, time: string): string {
  return `${civil(now + days * DAY_MS).date}T${time}`;
}
