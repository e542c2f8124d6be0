/** Rings while a ticket of the green channel waits for somebody with the duty; one window of a browser does. */
import { useEffect, useState } from "react";
import { instant, now } from "../../api/clock.ts";
import { allowSound, canSound, loudness, ring } from "./tone.ts";

const EVERY_MS = 20_000;
const LOCK = "lutong-alarm";

/** Holds the browser's one alarm for as long as the signal lives; where locks are missing every window rings. */
function holdAlarm(signal: AbortSignal, onHeld: () => void): void {
  // Plain HTTP has no Web Locks, whatever the types say.
  const locks = (navigator as Partial<Navigator>).locks;
  if (locks === undefined) {
    onHeld();
    return;
  }
  const untilAborted = () =>
    new Promise<void>((resolve) => {
      onHeld();
      signal.addEventListener("abort", () => {
        resolve();
      });
    });
  // Another window holds it until it closes; an abort while waiting is no error.
  locks.request(LOCK, { signal }, untilAborted).catch(() => undefined);
}

/** `since` is the oldest unanswered one; null is silence. */
export function useAlarm(since: string | null): { readonly on: boolean; readonly allow: () => void } {
  const [on, setOn] = useState(canSound);
  useEffect(() => {
    if (since === null || !on) return undefined;
    const stopped = new AbortController();
    let timer: ReturnType<typeof setInterval> | null = null;
    const sound = () => {
      ring(loudness((now() - instant(since)) / 60_000));
    };
    holdAlarm(stopped.signal, () => {
      sound();
      timer = setInterval(sound, EVERY_MS);
    });
    return () => {
      stopped.abort();
      if (timer !== null) clearInterval(timer);
    };
  }, [since, on]);
  return {
    on,
    allow: () => {
      void allowSound().then((allowed) => {
        setOn(allowed);
        // Heard once, so that the person knows it.
        ring(loudness(0));
      });
    },
  };
}
