/** My microphone, camera and screen: on, off, unplugged, another one. What is off is off: a camera's light too. */
import { SWITCHED_OFF, type Device, type Mine } from "./call.ts";
import { obtain, type Chosen } from "./devices.ts";

export type Kind = "microphone" | "camera";

export class Own {
  private mine: Mine = { microphone: SWITCHED_OFF, camera: SWITCHED_OFF, screen: null };
  private choice: Chosen;
  private readonly onChange: (kind: Kind | "screen") => void;
  /** Counts what was wished of each: a device that comes late belongs to the last wish only. */
  private readonly turns: Record<Kind, number> = { microphone: 0, camera: 0 };
  /** On, or being opened. */
  private readonly wanted: Record<Kind, boolean> = { microphone: false, camera: false };
  private closed = false;

  constructor(chosen: Chosen, onChange: (kind: Kind | "screen") => void) {
    this.choice = chosen;
    this.onChange = onChange;
  }

  get now(): Mine {
    return this.mine;
  }

  get chosen(): Chosen {
    return this.choice;
  }

  /** What the device check opened already. */
  take(kind: Kind, track: MediaStreamTrack | null): void {
    if (track === null) return;
    this.wanted[kind] = true;
    this.use(kind, track);
  }

  /** Resolves when it is on or off, or why it cannot be is known. */
  async turn(kind: Kind, on: boolean): Promise<void> {
    if (this.closed) return;
    this.turns[kind] += 1;
    this.wanted[kind] = on;
    const { track } = this.mine[kind];
    if (!on) this.off(kind);
    // A muted microphone stays open: it must answer at once.
    else if (track?.readyState === "live") this.use(kind, track);
    else await this.open(kind);
  }

  async choose(kind: Kind, device: string): Promise<void> {
    this.choice = { ...this.choice, [kind]: device };
    const wanted = this.wanted[kind];
    this.turns[kind] += 1;
    this.letGo(this.mine[kind].track);
    this.set(kind, SWITCHED_OFF);
    if (wanted) await this.turn(kind, true);
  }

  share(track: MediaStreamTrack): void {
    const { screen } = this.mine;
    if (screen !== track) this.letGo(screen);
    if (this.closed) {
      this.letGo(track);
      return;
    }
    // The browser's own bar can end it too.
    track.onended = () => {
      if (this.mine.screen === track) this.unshare();
    };
    this.mine = { ...this.mine, screen: track };
    this.onChange("screen");
  }

  unshare(): void {
    const { screen } = this.mine;
    if (screen === null) return;
    this.letGo(screen);
    this.mine = { ...this.mine, screen: null };
    this.onChange("screen");
  }

  /** For good: what is still being opened is let go as soon as it comes. */
  close(): void {
    this.closed = true;
    for (const track of [this.mine.microphone.track, this.mine.camera.track, this.mine.screen]) this.letGo(track);
    this.mine = { microphone: SWITCHED_OFF, camera: SWITCHED_OFF, screen: null };
  }

  /** A person may take long to answer the browser: by then she may be gone, have switched it off or chosen another. */
  private async open(kind: Kind): Promise<void> {
    const turn = this.turns[kind];
    const { track, why } = await obtain(kind, this.choice);
    if (this.isLate(kind, turn)) this.letGo(track);
    else if (track !== null) this.use(kind, track);
    else {
      this.wanted[kind] = false;
      this.set(kind, { on: false, why, track: null });
    }
  }

  // A method, for the compiler does not know of the waiting between.
  private isLate(kind: Kind, turn: number): boolean {
    return this.closed || this.turns[kind] !== turn;
  }

  private use(kind: Kind, track: MediaStreamTrack): void {
    const before = this.mine[kind].track;
    if (before !== track) this.letGo(before);
    track.enabled = true;
    track.onended = () => {
      this.lose(kind, track);
    };
    this.set(kind, { on: true, why: "ready", track });
  }

  /** Unplugged, or taken by a phone call: said, and tried once with what there is. What she muted stays off. */
  private lose(kind: Kind, track: MediaStreamTrack): void {
    const { on, track: current } = this.mine[kind];
    if (track !== current) return;
    this.set(kind, { on: false, why: on ? "busy" : "ready", track: null });
    if (on) void this.turn(kind, true);
  }

  private off(kind: Kind): void {
    const { track } = this.mine[kind];
    if (kind === "microphone" && track?.readyState === "live") {
      track.enabled = false;
      this.set(kind, { on: false, why: "ready", track });
      return;
    }
    this.letGo(track);
    this.set(kind, SWITCHED_OFF);
  }

  private letGo(track: MediaStreamTrack | null): void {
    if (track === null) return;
    track.onended = null;
    track.stop();
  }

  private set(kind: Kind, device: Device): void {
    this.mine = { ...this.mine, [kind]: device };
    this.onChange(kind);
  }
}
