/** The line to the hub as people see it: live, slow to answer, or down since when. */
import { focusManager, onlineManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { ping } from "../api/client.ts";
import { monotonic, now, syncClock, type Instant } from "../api/clock.ts";

export type Line =
  | { readonly at: "live"; readonly roundTripMs: number | null }
  | { readonly at: "reconnecting"; readonly since: Instant }
  | { readonly at: "down"; readonly since: Instant };

const RECONNECTING_AFTER_MS = 30_000;
const DOWN_AFTER_MS = 60_000;
const WATCH_EVERY_MS = 5_000;

let line: Line = { at: "live", roundTripMs: null };
let heardAt: Instant = now();
const listeners = new Set<() => void>();

/** The state that follows from when the hub was last heard. */
export function lineAfter(silence: number, since: Instant, roundTripMs: number | null): Line {
  if (silence >= DOWN_AFTER_MS) return { at: "down", since };
  if (silence >= RECONNECTING_AFTER_MS) return { at: "reconnecting", since };
  return { at: "live", roundTripMs };
}

function set(next: Line): void {
  const same =
    next.at === line.at && (next.at !== "live" || line.at !== "live" || next.roundTripMs === line.roundTripMs);
  if (same) return;
  line = next;
  onlineManager.setOnline(next.at !== "down");
  for (const listener of listeners) listener();
}

/** The hub was heard: a heartbeat, an event, an answer to a ping. */
export function heard(roundTripMs?: number): void {
  heardAt = now();
  set({ at: "live", roundTripMs: roundTripMs ?? (line.at === "live" ? line.roundTripMs : null) });
}

async function watch(): Promise<void> {
  const pong = await ping(monotonic);
  if (pong === null) {
    // Silence may be nothing; not to be reached is not "well connected", however short it is.
    set(lineAfter(Math.max(now() - heardAt, RECONNECTING_AFTER_MS), heardAt, null));
    return;
  }
  if (pong.now !== null) syncClock(pong.now, pong.roundTripMs);
  heard(pong.roundTripMs);
}

/** A page behind another, or behind the telephone, goes on sending what waits; who comes back to it is shown what is new. */
function workUnseen(): void {
  focusManager.setFocused(true);
  focusManager.setEventListener((tell) => {
    const seen = () => {
      if (document.visibilityState === "visible") tell();
    };
    document.addEventListener("visibilitychange", seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
    };
  });
}

/** Asks `/healthz` regularly: the browser's own "online" flag knows the cable, not the hub. */
export function watchLine(): () => void {
  // The browser's flag must not pause requests on its own.
  onlineManager.setEventListener(() => () => undefined);
  workUnseen();
  heardAt = now();
  void watch();
  const timer = setInterval(() => void watch(), WATCH_EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLine(): Line {
  return useSyncExternalStore(subscribe, () => line);
}
