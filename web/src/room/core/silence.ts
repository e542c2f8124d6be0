/** When a transport that should carry something is silent: first new ICE credentials, then everything anew. Pure. */

/** The browser's own states notice a changed address after half a minute; nothing received notices it in two seconds. */
export const RESTART_AFTER_MS = 2_000;
export const REJOIN_AFTER_MS = 5_000;
/** Until the first packet: a candidate over TCP behind a slow proxy takes this long. */
const FIRST_AFTER_MS = 8_000;

export interface Watch {
  /** What was received at the last look, in packets. */
  readonly received: number;
  readonly heardAt: number;
  readonly restarted: boolean;
}

export type Advice = "fine" | "restart" | "rejoin" | "never-connected";

export function begun(now: number): Watch {
  return { received: 0, heardAt: now, restarted: false };
}

/** Looks again: `received` is the transport's count of packets so far. */
export function looked(
  watch: Watch,
  received: number,
  now: number,
): { readonly watch: Watch; readonly advice: Advice } {
  if (received > watch.received) return { watch: { received, heardAt: now, restarted: false }, advice: "fine" };
  const silent = now - watch.heardAt;
  if (watch.received === 0) return { watch, advice: silent >= FIRST_AFTER_MS ? "never-connected" : "fine" };
  if (silent >= REJOIN_AFTER_MS) return { watch, advice: "rejoin" };
  if (silent >= RESTART_AFTER_MS && !watch.restarted)
    return { watch: { ...watch, restarted: true }, advice: "restart" };
  return { watch, advice: "fine" };
}
