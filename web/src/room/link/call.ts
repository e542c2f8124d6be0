/** All that a screen draws of a call: what the hub says, how the line is, and what is mine. */
import { NOTHING, type Picture, type SharedView } from "../core/index.ts";
import type { Why } from "./devices.ts";
import type { Path } from "./measure.ts";
import type { Tracks } from "./subscriber.ts";

/** The line to the hub; `since` on the browser's own clock that never jumps. */
export type Line =
  | { readonly at: "up" }
  | { readonly at: "opening"; readonly since: number }
  | { readonly at: "down"; readonly since: number };

/** Voice and picture: how they go, or which leg fails. */
export type Media =
  | { readonly at: "off" }
  | { readonly at: "connecting" }
  | { readonly at: "up"; readonly path: Path | null }
  | { readonly at: "restoring"; readonly since: number }
  /** Neither UDP nor TCP to the media server nor a relay came through, though the hub answers. */
  | { readonly at: "blocked" };

export interface Device {
  readonly on: boolean;
  readonly why: Why;
  readonly track: MediaStreamTrack | null;
}

export interface Mine {
  readonly microphone: Device;
  readonly camera: Device;
  readonly screen: MediaStreamTrack | null;
}

/** A message of mine that the hub does not have yet. */
export interface Unsent {
  readonly key: string;
  readonly text: string;
  readonly failed: boolean;
}

export interface Call extends Picture {
  readonly line: Line;
  readonly media: Media;
  readonly me: string | null;
  readonly mine: Mine;
  readonly tracks: Tracks;
  /** What a class may not see yet, for its picture may show a name: I have to look first. */
  readonly doubt: SharedView | null;
  /** By hand: no pictures either way. */
  readonly audioOnly: boolean;
  readonly unsent: readonly Unsent[];
  /** The hub's clock less ours, in milliseconds. */
  readonly clockOffset: number;
}

export const SWITCHED_OFF: Device = { on: false, why: "ready", track: null };

/** Before anything was heard; the instant on the browser's own clock. */
export function opening(since: number): Call {
  return {
    ...NOTHING,
    line: { at: "opening", since },
    media: { at: "off" },
    me: null,
    mine: { microphone: SWITCHED_OFF, camera: SWITCHED_OFF, screen: null },
    tracks: {},
    doubt: null,
    audioOnly: false,
    unsent: [],
    clockOffset: 0,
  };
}
