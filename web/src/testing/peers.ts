/** A hub's end of the WebSocket that the test speaks for, and the peer connections that jsdom lacks. */
import { vi } from "vitest";
import { ZHAO } from "./room.ts";

type Frame = Readonly<Record<string, unknown>> & { readonly type: string; readonly id?: number };

/** One line to the hub, as the browser sees it; the test is the hub. */
export class FakeSocket {
  static readonly opened: FakeSocket[] = [];
  static readonly OPEN = 1;
  readyState = 0;
  readonly sent: Frame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly address: string;

  constructor(address: string) {
    this.address = address;
    FakeSocket.opened.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Frame);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
  }

  /** The line breaks, or the hub closes it. */
  drop(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  last(type: string): Frame | undefined {
    return this.sent.findLast((frame) => frame.type === type);
  }

  /** Answers the last frame of this type. */
  answer(type: string, answer: object = { type: "ok" }): void {
    this.say({ ...answer, id: this.last(type)?.id });
  }
}

export class FakeTrack extends EventTarget {
  readonly kind: string;
  enabled = true;
  readyState = "live";
  contentHint = "";
  onended: (() => void) | null = null;

  constructor(kind: string) {
    super();
    this.kind = kind;
  }

  stop(): void {
    this.readyState = "ended";
  }

  getSettings(): object {
    return { deviceId: `${this.kind}-1` };
  }
}

class FakeStream {
  readonly tracks: unknown[];
  constructor(tracks: unknown[] = []) {
    this.tracks = tracks;
  }
  getTracks(): unknown[] {
    return this.tracks;
  }
}

interface Sender {
  readonly replaceTrack: (track: unknown) => Promise<void>;
  track: unknown;
}

/** Numbers its sections, keeps what it was told, and counts what "arrived" as the test says. */
export class FakePeer {
  static readonly made: FakePeer[] = [];
  readonly transceivers: { mid: string | null; sender: Sender; receiver: { track: FakeTrack }; init: unknown }[] = [];
  readonly configuration: unknown;
  signalingState = "stable";
  localDescription: { type: string; sdp: string } | null = null;
  remote: { type: string; sdp: string }[] = [];
  connectionState = "new";
  onconnectionstatechange: (() => void) | null = null;
  restarts = 0;
  received = 0;
  closed = false;

  constructor(configuration: unknown) {
    this.configuration = configuration;
    FakePeer.made.push(this);
  }

  addTransceiver(of: unknown, init: unknown) {
    const sender: Sender = {
      track: of,
      replaceTrack: (track) => {
        sender.track = track;
        return Promise.resolve();
      },
    };
    const made = {
      mid: null,
      sender,
      receiver: { track: new FakeTrack("audio") },
      init,
      setCodecPreferences: () => undefined,
    };
    this.transceivers.push(made);
    return made;
  }

  createOffer({ iceRestart = false }: { iceRestart?: boolean } = {}) {
    if (iceRestart) this.restarts += 1;
    return Promise.resolve({ type: "offer", sdp: `offer ${String(this.restarts)}` });
  }

  createAnswer() {
    return Promise.resolve({ type: "answer", sdp: "answer" });
  }

  setLocalDescription(description: { type: string; sdp: string }) {
    if (description.type === "offer") {
      this.transceivers.forEach((one, at) => (one.mid = String(at)));
      this.signalingState = "have-local-offer";
    } else this.signalingState = "stable";
    this.localDescription = description;
    return Promise.resolve();
  }

  setRemoteDescription(description: { type: string; sdp: string }) {
    this.remote.push(description);
    this.signalingState = "stable";
    if (description.type === "offer" && this.transceivers.length === 0) {
      this.addTransceiver("audio", {});
      this.addTransceiver("video", {});
      this.transceivers.forEach((one, at) => (one.mid = String(at)));
    }
    return Promise.resolve();
  }

  /** Both ends have met. */
  connect(): void {
    this.connectionState = "connected";
    this.onconnectionstatechange?.();
  }

  getTransceivers() {
    return this.transceivers;
  }

  getStats() {
    return Promise.resolve(new Map([["t", { type: "transport", packetsReceived: this.received }]]));
  }

  close(): void {
    this.closed = true;
  }
}

/** Puts the doubles in the browser's place; `vi.unstubAllGlobals()` takes them away. */
export function withoutNetwork(): void {
  FakeSocket.opened.length = 0;
  FakePeer.made.length = 0;
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("RTCPeerConnection", FakePeer);
  vi.stubGlobal("RTCRtpSender", { getCapabilities: () => ({ codecs: [{ mimeType: "video/VP8" }] }) });
  vi.stubGlobal("MediaStream", FakeStream);
}

export function line(): FakeSocket {
  const last = FakeSocket.opened.at(-1);
  if (last === undefined) throw new Error("No line was opened");
  return last;
}

export function welcome(socket: FakeSocket, seat: string = ZHAO.id): void {
  socket.answer("join", { type: "welcome", seat, ice_servers: [], now: "2026-11-23T01:04:00Z" });
}
