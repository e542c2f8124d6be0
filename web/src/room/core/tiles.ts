/** Who is shown, how large, and what is therefore asked of the hub. Pure. */
import type { Room, Seat, SeatQuality, Wanted } from "./frames.ts";
import { trackKey, type Picture } from "./state.ts";

/** Experts first, then whoever asked, then the patient; observers look on and have no tile. */
const ORDER: readonly Seat["role"][] = ["host", "expert", "sender", "patient", "observer"];

/** People with a tile: inside or away for a moment, me last. */
export function tilesOf(room: Room): readonly Seat[] {
  const shown = room.seats.filter(({ status, role }) => status !== "waiting" && role !== "observer");
  return [...shown].sort(
    (a, b) => Number(a.id === room.me) - Number(b.id === room.me) || ORDER.indexOf(a.role) - ORDER.indexOf(b.role),
  );
}

export function waitingOf(room: Room): readonly Seat[] {
  return room.seats.filter(({ status }) => status === "waiting");
}

export function observersOf(room: Room): readonly Seat[] {
  return room.seats.filter(({ status, role }) => status !== "waiting" && role === "observer");
}

/** Whose screen is shared now. */
export function sharerOf(room: Room): Seat | null {
  return room.seats.find(({ screen, status }) => screen && status !== "waiting") ?? null;
}

/** As many faces as a desk shows large enough to see more than the low layer. */
const FEW = 4;

interface Shown {
  /** Seats whose tile is on the screen now, the large one first. */
  readonly visible: readonly string[];
  readonly large: string | null;
  readonly audioOnly: boolean;
}

/** What to ask for: all layers where the face is large, low ones for strips, nothing for what nobody sees. */
export function wantedOf(room: Room, shown: Shown): Readonly<Record<string, Wanted>> {
  const others = room.seats.filter(({ id, status }) => id !== room.me && status !== "waiting");
  return Object.fromEntries(
    others.flatMap(({ id, screen }) => [
      [trackKey(id, "camera"), faceOf(id, shown)] as const,
      ...(screen ? [[trackKey(id, "screen"), screenOf(shown)] as const] : []),
    ]),
  );
}

function faceOf(id: string, { visible, large, audioOnly }: Shown): Wanted {
  const priority = id === large ? 2 : 1;
  if (audioOnly || !visible.includes(id)) return { limit: "none", priority };
  return { limit: id === large || visible.length <= FEW ? "all" : "low", priority };
}

function screenOf({ audioOnly }: Shown): Wanted {
  return { limit: audioOnly ? "none" : "all", priority: 3 };
}

/** What a tile says of a person's line, in the design's words. */
export type LineWord = "unknown" | "clear" | "fair" | "audio-only" | "poor" | "reconnecting" | "camera-off";

export function lineWordOf(seat: Seat, { quality, paused }: Pick<Picture, "quality" | "paused">): LineWord {
  if (seat.status === "away") return "reconnecting";
  // The hub tells of others' lines to the host alone.
  const level = quality[seat.id]?.level;
  if (!seat.camera) return level === "poor" ? "audio-only" : "camera-off";
  if (paused[trackKey(seat.id, "camera")] === "line") return "audio-only";
  return level === undefined ? "unknown" : WORD[level];
}

const WORD: Readonly<Record<SeatQuality["level"], LineWord>> = { good: "clear", fair: "fair", poor: "poor" };
