/** Pictures of the others: the doctor large, the rest and myself small. */
import {
  lineWordOf,
  sharerOf,
  tilesOf,
  trackKey,
  wantedOf,
  type LineWord,
  type Room,
  type Seat,
} from "../room/core/index.ts";
import type { Call, RoomSession } from "../room/link/index.ts";
import { h, put } from "./dom.ts";
import { fill, type Text } from "./text.ts";

/** The doctor who leads, else another doctor, else whoever is there. */
function leadOf(others: readonly Seat[]): Seat | null {
  return others.find(({ camera, role }) => camera && role !== "observer") ?? others[0] ?? null;
}

export function nameOf(seat: Seat, text: Text): string {
  return seat.role === "patient" ? seat.name : fill(text.doctor, { name: seat.name });
}

function show(video: HTMLVideoElement, stream: MediaStream | null): void {
  if (video.srcObject !== stream) video.srcObject = stream;
  video.hidden = stream === null;
}

function makeVideo(label: string): HTMLVideoElement {
  const video = h("video", { autoplay: true, playsinline: true, "aria-label": label });
  // Voices come from elements of their own; a muted picture may always play.
  video.muted = true;
  return video;
}

export class Faces {
  readonly large = h("div", { class: "large" });
  readonly strip = h("div", { class: "strip" });
  private readonly text: Text;
  private readonly video = makeVideo("");
  private readonly face = h("div", { class: "nobody" });
  private readonly small = new Map<string, HTMLVideoElement>();
  private own: MediaStream | null = null;

  constructor(text: Text) {
    this.text = text;
    put(this.large, this.video, this.face);
  }

  /** Draws everybody; the answer is who is large. */
  update(call: Call, room: Room, session: RoomSession): Seat | null {
    const others = tilesOf(room).filter(({ id }) => id !== room.me);
    const lead = leadOf(others);
    const screen = sharerOf(room);
    this.drawLarge(largeOf(call, lead, screen), lead, screen !== null);
    const rest = others.filter(({ id }) => id !== lead?.id || screen !== null).slice(0, 3);
    this.drawStrip(this.seen(call, rest), rest);
    const visible = [lead, ...rest].flatMap((seat) => (seat === null ? [] : [seat.id]));
    session.want(wantedOf(room, { visible, large: lead?.id ?? null, audioOnly: call.audioOnly }));
    return lead;
  }

  private drawLarge(stream: MediaStream | null, lead: Seat | null, whole: boolean): void {
    show(this.video, stream);
    this.video.setAttribute("aria-label", lead === null ? "" : nameOf(lead, this.text));
    this.video.classList.toggle("whole", whole);
    this.face.hidden = stream !== null;
    this.face.textContent = lead?.name.slice(0, 1) ?? "…";
  }

  /** Small pictures by seat, mine last. */
  private seen(call: Call, rest: readonly Seat[]): ReadonlyMap<string, MediaStream> {
    const seen = new Map<string, MediaStream>();
    for (const { id, camera } of rest) {
      const stream = call.tracks[trackKey(id, "camera")];
      if (stream !== undefined && camera && !call.audioOnly) seen.set(id, stream);
    }
    const own = this.mine(call.mine.camera.track);
    return own === null ? seen : seen.set("me", own);
  }

  private mine(track: MediaStreamTrack | null): MediaStream | null {
    if (track === null) this.own = null;
    else if (this.own?.getTracks()[0] !== track) this.own = new MediaStream([track]);
    return this.own;
  }

  private drawStrip(seen: ReadonlyMap<string, MediaStream>, rest: readonly Seat[]): void {
    for (const [id, video] of this.small)
      if (!seen.has(id)) {
        video.remove();
        this.small.delete(id);
      }
    for (const [id, stream] of seen) show(this.smallOf(id, rest), stream);
  }

  private smallOf(id: string, rest: readonly Seat[]): HTMLVideoElement {
    const known = this.small.get(id);
    if (known !== undefined) return known;
    const seat = rest.find((one) => one.id === id);
    const video = makeVideo(seat === undefined ? this.text.me : nameOf(seat, this.text));
    if (id === "me") video.className = "mirror";
    this.small.set(id, video);
    this.strip.append(video);
    return video;
  }
}

/** A shared screen before a face; nothing where nothing comes. */
function largeOf({ tracks, paused, audioOnly }: Call, lead: Seat | null, screen: Seat | null): MediaStream | null {
  const key = largeKey(lead, screen);
  if (key === null || audioOnly || paused[key] !== undefined) return null;
  return tracks[key] ?? null;
}

function largeKey(lead: Seat | null, screen: Seat | null): string | null {
  if (screen !== null) return trackKey(screen.id, "screen");
  return lead?.camera === true ? trackKey(lead.id, "camera") : null;
}

const WORDS: Readonly<Record<Exclude<LineWord, "unknown">, keyof Text>> = {
  clear: "clear",
  fair: "fair",
  poor: "poor",
  "audio-only": "audioOnly",
  reconnecting: "away",
  "camera-off": "noPicture",
};

/** How the doctor's picture is, in words. */
export function lineWords(call: Call, lead: Seat | null, text: Text): string {
  if (lead === null) return text.alone;
  if (call.audioOnly) return text.onlySound;
  // Of the doctor's line the hub tells us nothing; ours is what his picture comes by.
  const mine = call.me === null ? undefined : call.quality[call.me];
  const word = lineWordOf(lead, { ...call, quality: mine === undefined ? {} : { [lead.id]: mine } });
  return word === "unknown" ? "" : (text[WORDS[word]] as string);
}
