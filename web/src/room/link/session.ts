/** One person's call: joins, comes back, begins media when she is let in, and tells whoever listens what changed. */
import { after, type Notice, type Request, type Wanted } from "../core/index.ts";
import { opening, type Call } from "./call.ts";
import type { Chosen } from "./devices.ts";
import { Media } from "./media.ts";
import { watchNetwork } from "./network.ts";
import { Outbox } from "./outbox.ts";
import { Own, type Kind } from "./own.ts";
import { Refused, Socket } from "./socket.ts";
import { Store } from "./store.ts";
import { Word } from "./word.ts";

/** With these the hub says that waiting does not help. */
const FINAL: readonly string[] = ["FORBIDDEN", "OVER", "NOT_FOUND"];
/** Somebody has to do something first: the time has to come, the door be opened. */
const WAITS: readonly string[] = ["TOO_EARLY", "ROOM_LOCKED", "CLASS_FULL"];
const TRY_AGAIN_MS = 30_000;
const TRY_SOON_MS = 3_000;
export interface Start {
  /** `wss://…/signal` */
  readonly address: string;
  readonly chosen?: Chosen;
  /** Opened by the device check; what is null begins switched off. */
  readonly microphone: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
  readonly newKey: () => string;
}

type Simple = Extract<
  Request,
  { type: "admit" | "remove" | "hand-over" | "mute" | "lock" | "record" | "consent" | "hand" | "end" | "close-class" }
>;

export class RoomSession {
  private readonly store = new Store(opening(performance.now()));
  protected readonly socket: Socket;
  private readonly media: Media;
  protected readonly own: Own;
  private readonly outbox: Outbox;
  private readonly word = new Word((it) => this.socket.request(it));
  private unwatch: () => void = () => undefined;
  private wanted = "";
  private again: ReturnType<typeof setTimeout> | null = null;
  /** The next picture of the room is the first after a welcome. */
  private fresh = false;

  constructor({ address, chosen = {}, microphone, camera, newKey }: Start) {
    this.own = new Own(chosen, this.onOwn);
    this.media = new Media({
      request: (it) => this.socket.request(it),
      mine: () => this.own.now,
      audioOnly: () => this.call.audioOnly,
      onChange: (change) => {
        this.set(change);
      },
      onStats: (stats) => {
        this.socket.tell(stats);
      },
      onRejoin: () => {
        if (this.call.line.at === "up") this.socket.renew();
      },
    });
    this.socket = new Socket(address, { onOpen: () => void this.join(), onNotice: this.hear, onLost: this.lost });
    this.outbox = new Outbox(
      newKey,
      (it) => this.socket.request(it),
      (unsent) => {
        this.set({ unsent });
      },
      (message) => {
        this.hear({ type: "chat", message });
      },
    );
    this.own.take("microphone", microphone);
    this.own.take("camera", camera);
  }

  readonly now = this.store.now;
  readonly subscribe = this.store.subscribe;

  start(): void {
    this.unwatch = watchNetwork(this.onNetwork);
    this.socket.open();
  }

  /** Hangs up: the seat is given back, the consult goes on. */
  leave(): void {
    this.socket.tell({ type: "leave" });
    this.set({ stage: { at: "over", reason: "left" } });
    this.close();
  }

  /** Goes without a word, as a reload does: the seat is kept. */
  close(): void {
    this.unwatch();
    this.forgetAgain();
    this.media.drop();
    this.own.close();
    this.socket.close();
  }

  // -- what a person does; throws `Refused` with the hub's code ----------------------------------------------------

  async command(it: Simple): Promise<void> {
    const lasts = it.type === "consent" || it.type === "close-class" || it.type === "end";
    await (lasts ? this.word.say(it) : this.socket.request(it));
  }

  async turn(kind: Kind, on: boolean): Promise<void> {
    await this.own.turn(kind, on);
  }

  /** No pictures either way: mine goes off, nobody's is asked for. */
  async onlySound(on: boolean): Promise<void> {
    this.set({ audioOnly: on });
    if (on) await this.own.turn("camera", false);
  }

  seen(): void {
    this.set({ muted: null });
  }

  async say(text: string): Promise<void> {
    await this.outbox.say(text);
  }

  /** What the tiles on the screen need; said when it changes, and again after each new beginning. */
  want(tracks: Readonly<Record<string, Wanted>>): void {
    const wanted = JSON.stringify(tracks);
    if (wanted === this.wanted || this.call.stage.at !== "inside") return;
    this.wanted = wanted;
    this.socket.request({ type: "want", tracks }).catch(() => {
      if (this.wanted === wanted) this.wanted = "";
    });
  }

  // -- the line ----------------------------------------------------------------------------------------------------

  private async join(): Promise<void> {
    try {
      const answer = await this.socket.request({ type: "join" });
      if (answer.type !== "welcome") throw new Refused("UNEXPECTED");
      this.socket.settled();
      this.forgetAgain();
      this.fresh = true;
      this.media.servers = answer.ice_servers;
      const clockOffset = Date.parse(answer.now) - performance.timeOrigin - performance.now();
      this.set({ line: { at: "up" }, me: answer.seat, ...(Number.isNaN(clockOffset) ? {} : { clockOffset }) });
    } catch (failure) {
      if (failure instanceof Refused && failure.code !== "LINE_DOWN") this.refused(failure);
    }
  }

  private refused({ code, message, beginsAt }: Refused): void {
    const final = FINAL.includes(code);
    const passing = !final && !WAITS.includes(code);
    if (!final) this.later(passing ? TRY_SOON_MS : TRY_AGAIN_MS);
    // Whoever is in a call stays in it: she is heard, and has to be able to mute and to leave.
    if (passing && this.call.stage.at === "inside") return;
    this.media.drop();
    this.set({ line: { at: "up" }, stage: { at: "refused", code, detail: message, beginsAt } });
    if (final) this.close();
  }

  private later(wait: number): void {
    this.forgetAgain();
    this.again = setTimeout(() => {
      this.socket.renew();
    }, wait);
  }

  private forgetAgain(): void {
    if (this.again !== null) clearTimeout(this.again);
    this.again = null;
  }

  /** Voices go on over their own line: a web process that is replaced is not heard. */
  private readonly lost = () => {
    this.wanted = "";
    this.forgetAgain();
    if (this.call.stage.at !== "over" && this.call.line.at === "up")
      this.set({ line: { at: "down", since: performance.now() } });
  };

  private readonly hear = (notice: Notice) => {
    const picture = after(this.call, notice);
    this.set(picture);
    this.outbox.heard(picture.chats);
    const act = this.acts[notice.type] as ((it: Notice) => void) | undefined;
    act?.(notice);
  };

  /** What a notice asks of us, beside what it changes on the screen. */
  private readonly acts: { readonly [K in Notice["type"]]?: (it: Extract<Notice, { type: K }>) => void } = {
    room: ({ room }) => {
      if (!this.fresh) return;
      this.fresh = false;
      this.word.again();
      // What the host switched off while our line was down stays off.
      const silenced = room.seats.find(({ id }) => id === room.me)?.silenced ?? [];
      for (const kind of silenced) if (kind !== "screen") void this.own.turn(kind, false);
    },
    media: ({ epoch }) => {
      this.wanted = "";
      this.media.begin(epoch);
      this.tellDevices();
      this.outbox.again();
    },
    offer: (offer) => {
      this.media.take(offer);
    },
    gone: ({ connection }) => {
      this.media.gone(connection);
    },
    muted: ({ kind }) => void this.own.turn(kind, false),
    ended: () => {
      this.close();
    },
  };

  private readonly onOwn = (kind: Kind | "screen") => {
    this.set({ mine: this.own.now });
    if (this.call.media.at !== "off") {
      if (kind !== "screen") this.media.replace(kind);
      else if (this.own.now.screen === null) void this.media.unshare();
      else this.media.share();
    }
    if (this.call.stage.at === "inside") this.tellDevices();
  };

  private tellDevices(): void {
    const { microphone, camera, screen } = this.own.now;
    const sent = { microphone: microphone.on, camera: camera.on, screen: screen !== null };
    this.socket.request({ type: "devices", ...sent }).catch(() => undefined);
  }

  private readonly onNetwork = () => {
    this.media.restart();
    if (this.call.line.at === "up") this.socket.check();
  };

  protected set(change: Partial<Call>): void {
    this.store.set(change);
  }

  protected get call(): Call {
    return this.store.now();
  }
}
