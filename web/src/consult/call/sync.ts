/** How tracks are kept on one clock: what to do with one that is early or late. Pure. */

/** People notice that lips and voice part from here on. */
export const TOLERANCE_MS = 100;
/** So little is caught up by speed, which nobody hears. */
const CLOSE_MS = 30;
/** A jump takes a moment to land: another one follows only after this. */
const SETTLES_MS = 1_500;
const GENTLE = 0.04;
const FIRM = 0.1;
/** So near its end a track has nothing more to fetch. */
const END_S = 0.25;

export interface Steering {
  /** Set `currentTime`. */
  readonly jump: boolean;
  /** Of the speed that was asked for. */
  readonly rate: number;
}

/** `driftMs` is how far ahead of the clock a track is; `sinceJumpMs` when it was last set by us. */
export function steer(driftMs: number, sinceJumpMs: number): Steering {
  const far = Math.abs(driftMs);
  if (far > TOLERANCE_MS && sinceJumpMs >= SETTLES_MS) return { jump: true, rate: 1 };
  if (far <= CLOSE_MS) return { jump: false, rate: 1 };
  const by = far > TOLERANCE_MS ? FIRM : GENTLE;
  return { jump: false, rate: driftMs > 0 ? 1 - by : 1 + by };
}

/** What of a media element this needs, so that tests can hold one in their hand. */
export type Media = Pick<
  HTMLMediaElement,
  "currentTime" | "duration" | "ended" | "paused" | "playbackRate" | "muted" | "readyState" | "seeking" | "error"
> & { readonly play: () => Promise<void>; readonly pause: () => void };

/** A track that has been played out, though the clock is not quite there. */
export function isOver(media: Media, target: number): boolean {
  return Number.isFinite(media.duration) && target >= media.duration - END_S;
}

const FUTURE_DATA = 3;

/** Whether it can go on from where the clock is. */
export function isReady(media: Media, target: number): boolean {
  return isOver(media, target) || (!media.seeking && media.readyState >= FUTURE_DATA);
}
