/** What a reload in a call comes back with: whose room, and which devices were on. Nothing about a patient. */
import type { Chosen } from "./devices.ts";

const KEY = "lutong.inside";
/** So long the hub keeps a seat; whoever comes later tries her devices first. */
const SEAT_MS = 60_000;

export interface Inside {
  readonly consult: string;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly chosen: Chosen;
}

/** A reload begins a new page: only the time of the world goes on. */
const worldTime = () => performance.timeOrigin + performance.now();

/** A tab without storage is asked again instead. */
function quietly<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

export function keepInside(inside: Inside): void {
  quietly(() => {
    sessionStorage.setItem(KEY, JSON.stringify({ ...inside, at: worldTime() }));
  });
}

export function forgetInside(): void {
  quietly(() => {
    sessionStorage.removeItem(KEY);
  });
}

/** Null when this tab was not in this room a moment ago. */
export function wasInside(consult: string): Inside | null {
  const kept = quietly(() => JSON.parse(sessionStorage.getItem(KEY) ?? "null") as (Inside & { at: number }) | null);
  if (kept?.consult !== consult) return null;
  const age = worldTime() - kept.at;
  return age >= 0 && age <= SEAT_MS ? kept : null;
}
