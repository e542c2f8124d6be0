/**
 * What of an order is already with the hub, kept in this browser so that the same files go on tomorrow: the order's id,
 * marks of files, addresses of uploads. Nothing about a patient, no file name.
 */
import { now } from "../../../api/clock.ts";

export interface Unfinished {
  readonly order: string;
  /** Who sent; a shared computer shows each person her own. */
  readonly user: string;
  readonly total: number;
  readonly done: readonly string[];
  /** Mark → address of an upload that has begun. */
  readonly begun: Readonly<Record<string, string>>;
  readonly at: number;
}

const PLACE = "lutong.uploads";
/** The hub forgets an upload that nobody went on with for a week. */
const KEPT_MS = 7 * 86_400_000;

function isUnfinished(it: unknown): it is Unfinished {
  return typeof it === "object" && it !== null && "order" in it && "done" in it && "begun" in it && "at" in it;
}

function all(): readonly Unfinished[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isUnfinished).filter(({ at }) => now() - at < KEPT_MS) : [];
  } catch {
    // Somebody else's text, or no storage: nothing is known, and files that arrived are answered as duplicates.
    return [];
  }
}

function keep(entries: readonly Unfinished[]): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(entries));
  } catch {
    // A full or forbidden storage costs only the way to go on tomorrow.
  }
}

export function unfinishedOf(user: string): readonly Unfinished[] {
  return all().filter((entry) => entry.user === user);
}

export function unfinishedFor(order: string): Unfinished | null {
  return all().find((entry) => entry.order === order) ?? null;
}

export function remember(entry: Omit<Unfinished, "at">): void {
  keep([...all().filter(({ order }) => order !== entry.order), { ...entry, at: now() }]);
}

/** The order is complete, or a person gave it up. */
export function forget(order: string): void {
  keep(all().filter((entry) => entry.order !== order));
}
