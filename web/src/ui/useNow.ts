/** The hub's time as a value that ticks; one timer for all clocks of the same pace, and none in a hidden tab. */
import { useSyncExternalStore } from "react";
import { now, type Instant } from "../api/clock.ts";

interface Ticker {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => Instant;
}

const tickers = new Map<number, Ticker>();

function makeTicker(everyMs: number): Ticker {
  const listeners = new Set<() => void>();
  let shown: Instant = now();
  let timer: ReturnType<typeof setInterval> | null = null;
  const tick = () => {
    if (document.hidden) return;
    shown = now();
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    if (timer === null) {
      timer = setInterval(tick, everyMs);
      document.addEventListener("visibilitychange", tick);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || timer === null) return;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
      timer = null;
    };
  };
  const read = () => {
    // Without a running timer the last reading is old: take a fresh one, in whole paces so that renders agree.
    if (timer === null && now() - shown >= everyMs) shown = now();
    return shown;
  };
  return { subscribe, read };
}

function tickerOf(everyMs: number): Ticker {
  const known = tickers.get(everyMs) ?? makeTicker(everyMs);
  tickers.set(everyMs, known);
  return known;
}

/** Now, again every so many milliseconds. */
export function useNow(everyMs: number): Instant {
  const ticker = tickerOf(everyMs);
  return useSyncExternalStore(ticker.subscribe, ticker.read);
}
