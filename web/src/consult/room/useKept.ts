/** Starts the call with its screen and closes it when the screen goes for good. */
import { useEffect } from "react";
import type { StaffSession } from "../../room/link/index.ts";

const started = new WeakSet<StaffSession>();

export function useKept(session: StaffSession): void {
  useEffect(() => {
    if (!started.has(session)) session.start();
    started.add(session);
    let back = false;
    kept.get(session)?.();
    kept.set(session, () => {
      back = true;
    });
    return () => {
      // In development React takes a screen away and puts it back at once: that is no hanging up.
      setTimeout(() => {
        if (!back) session.close();
      }, 0);
    };
  }, [session]);
}

const kept = new WeakMap<StaffSession, () => void>();
