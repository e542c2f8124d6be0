/** What a person's screen knows of the room, and what each notice makes of it. Pure. */
import type { EndReason, Lobby, Message, Notice, PauseCause, Room, Seat, SeatQuality, SharedView } from "./frames.ts";

export type Stage =
  | { readonly at: "joining" }
  | { readonly at: "waiting"; readonly lobby: Lobby }
  | { readonly at: "inside"; readonly room: Room }
  | { readonly at: "refused"; readonly code: string; readonly detail: string; readonly beginsAt: string | null }
  | { readonly at: "over"; readonly reason: EndReason };

/** Somebody's pointer on the shared picture, in shares of its width and height. */
export interface Pointer {
  readonly x: number;
  readonly y: number;
}

export interface Picture {
  readonly stage: Stage;
  readonly chats: readonly Message[];
  readonly quality: Readonly<Record<string, SeatQuality>>;
  readonly view: SharedView | null;
  /** Whose hand moved the shared view last: a seat. */
  readonly viewBy: string | null;
  readonly pointers: Readonly<Record<string, Pointer>>;
  /** Pictures that do not come now, by `seat/source`, and why. */
  readonly paused: Readonly<Record<string, PauseCause>>;
  /** Who switched what of mine off, until I saw it. */
  readonly muted: { readonly kind: "microphone" | "camera"; readonly by: string } | null;
}

export const NOTHING: Picture = {
  stage: { at: "joining" },
  chats: [],
  quality: {},
  view: null,
  viewBy: null,
  pointers: {},
  paused: {},
  muted: null,
};

/** By which a picture or sound is known everywhere: whose, and which of hers. */
export function trackKey(seat: string, source: string): string {
  return `${seat}/${source}`;
}

function without<T>(of: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(of).filter(([one]) => one !== key));
}

/** Each message once, in the order of the hub: a retry and the record so far repeat what was heard. */
function joined(known: readonly Message[], more: readonly Message[]): readonly Message[] {
  const fresh = more.filter((one) => known.every(({ id }) => id !== one.id));
  return fresh.length === 0 ? known : [...known, ...fresh].sort((a, b) => a.at.localeCompare(b.at));
}

function inRoom(picture: Picture, room: Room): Picture {
  const { stage } = picture;
  if (stage.at === "over") return picture;
  const known = stage.at === "inside" ? stage.room : null;
  if (known !== null && known.version > room.version) return picture;
  const inside = new Set(room.seats.map(({ id }) => id));
  const pointers = Object.fromEntries(Object.entries(picture.pointers).filter(([seat]) => inside.has(seat)));
  // A view that I moved since, or heard about, is newer than the one in an older snapshot.
  const stale = picture.view !== null && room.view !== null && room.view.seq < picture.view.seq;
  return { ...picture, pointers, stage: { at: "inside", room }, view: stale ? picture.view : room.view };
}

type On = { readonly [K in Notice["type"]]?: (picture: Picture, it: Extract<Notice, { type: K }>) => Picture };

const ON: On = {
  lobby: (picture, { lobby }) =>
    picture.stage.at === "over" ? picture : { ...picture, stage: { at: "waiting", lobby } },
  room: (picture, { room }) => inRoom(picture, room),
  ended: (picture, { reason }) => ({ ...picture, stage: { at: "over", reason } }),
  chats: (picture, { messages }) => ({ ...picture, chats: joined(picture.chats, messages) }),
  chat: (picture, { message }) => ({ ...picture, chats: joined(picture.chats, [message]) }),
  quality: (picture, { seats }) => ({ ...picture, quality: { ...picture.quality, ...seats } }),
  view: (picture, { view, by }) => ({ ...picture, view, viewBy: by, pointers: {} }),
  point: (picture, { seat, x, y }) => ({
    ...picture,
    pointers: x === null || y === null ? without(picture.pointers, seat) : { ...picture.pointers, [seat]: { x, y } },
  }),
  muted: (picture, { kind, by }) => ({ ...picture, muted: { kind, by } }),
  media: (picture) => ({ ...picture, paused: {} }),
  paused: (picture, it) => paused(picture, it),
  resumed: (picture, it) => paused(picture, it),
};

function paused(picture: Picture, it: Extract<Notice, { type: "paused" | "resumed" }>): Picture {
  const key = trackKey(it.seat, it.source);
  if (it.type === "resumed") return { ...picture, paused: without(picture.paused, key) };
  return { ...picture, paused: { ...picture.paused, [key]: it.cause } };
}

/** What is of no concern here (offers, a transport that is gone) changes nothing. */
export function after(picture: Picture, notice: Notice): Picture {
  const on = ON[notice.type] as ((picture: Picture, it: Notice) => Picture) | undefined;
  return on === undefined ? picture : on(picture, notice);
}

/** The room, while I am inside. */
export function roomOf({ stage }: Picture): Room | null {
  return stage.at === "inside" ? stage.room : null;
}

export function seatOf(room: Room, id: string | null): Seat | null {
  return room.seats.find((seat) => seat.id === id) ?? null;
}
