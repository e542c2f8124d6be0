/** A recording as a player lays it out: tracks on one clock, side by side by whose they are. Pure. */
import type { RecordedTrack } from "../../api/types.ts";

export interface Track {
  readonly number: number;
  readonly kind: "audio" | "video";
  readonly type: string;
  readonly url: string;
  /** Milliseconds on the player's clock. */
  readonly from: number;
  readonly until: number;
}

/** What is seen in one place: a person with her voice, or a screen that she shared. */
export interface Lane {
  readonly id: string;
  readonly name: string;
  readonly what: "person" | "screen";
  readonly tracks: readonly Track[];
}

export interface Timeline {
  readonly total: number;
  /** What the player's nought is on the recording's clock: a track may begin a little before it. */
  readonly zero: number;
  readonly lanes: readonly Lane[];
}

function trackOf(it: RecordedTrack, zero: number): Track {
  const from = it.start_ms - zero;
  const kind = it.source === "microphone" ? "audio" : "video";
  return { number: it.number, kind, type: it.type, url: it.url, from, until: from + it.milliseconds };
}

export function layOut(recorded: readonly RecordedTrack[]): Timeline {
  const zero = Math.min(0, ...recorded.map(({ start_ms }) => start_ms));
  const lanes = new Map<string, Lane>();
  for (const it of recorded) {
    const what = it.source === "screen" ? "screen" : "person";
    const id = `${it.person}/${what}`;
    const before = lanes.get(id)?.tracks ?? [];
    lanes.set(id, { id, name: it.name, what, tracks: [...before, trackOf(it, zero)] });
  }
  const found = [...lanes.values()];
  const total = Math.max(0, ...found.flatMap(({ tracks }) => tracks.map(({ until }) => until)));
  // A screen is what was talked about: it stands first.
  return { total, zero, lanes: found.toSorted((a, b) => Number(b.what === "screen") - Number(a.what === "screen")) };
}

export function isOn({ from, until }: Track, at: number): boolean {
  return from <= at && at < until;
}

/** The picture of a lane at a moment; null where the camera was off or nobody was there. */
export function pictureAt({ tracks }: Lane, at: number): Track | null {
  return tracks.find((track) => track.kind === "video" && isOn(track, at)) ?? null;
}

export function wasThere({ tracks }: Lane, at: number): boolean {
  return tracks.some((track) => isOn(track, at));
}

/** `3:07`, and `1:03:07` from an hour on. */
export function digits(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${String(h)}:${two(m)}:${two(s)}` : `${String(m)}:${two(s)}`;
}
