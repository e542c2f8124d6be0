/** My microphone, camera and screen: on, off, unplugged, another one. What is off is off: a camera's light too. */
import { SWITCHED_OFF, type Device, type Mine } from "./call.ts";
import { obtain, type Chosen } from "./devices.ts";

export type Kind = "microphone" | "camera";

export class Own {
  private mine: Mine = { microphone: SWITCHED_OFF, camera: SWITCHED_OFF, screen: null };
  private chosen: Chosen;
  private readonly onChange: (kind: Kind | "screen") => void;

  constructor(chosen: Chosen, onChange: (kind: Kind | "screen") => void) {
    this.chosen = chosen;
    this.onChange = onChange;
  }

  get now(): Mine {
    return this.mine;
  }

  /** What the device check opened already. */
  take(kind: Kind, track: MediaStreamTrack | null, on: boolean): void {
    if (track !== null) this.use(kind, track, on);
  }

  /** Resolves when it is on or off, or why it cannot be is known. */
  async turn(kind: Kind, on: boolean): Promise<void> {
    const { track } = this.mine[kind];
    if (!on) {
      this.off(kind);
      return;
    }
    // A muted microphone stays open: it must answer at once.
    if (track?.readyState === "live") {
      this.use(kind, track, true);
      return;
    }
    const got = await obtain(kind, this.chosen);
    if (got.track === null) this.set(kind, { on: false, why: got.why, track: null });
    else this.use(kind, got.track, true);
  }

  async choose(kind: Kind, device: string): Promise<void> {
    this.chosen = { ...this.chosen, [kind]: device };
    const { on, track } = this.mine[kind];
    track?.stop();
    this.set(kind, { on: false, why: "ready", track: null });
    if (on) await this.turn(kind, true);
  }

  share(track: MediaStreamTrack): void {
    // The browser's own bar can end it too.
    track.onended = () => {
      this.unshare();
    };
    this.mine = { ...this.mine, screen: track };
    this.onChange("screen");
  }

  unshare(): void {
    const { screen } = this.mine;
    if (screen === null) return;
    screen.onended = null;
    screen.stop();
    this.mine = { ...this.mine, screen: null };
    this.onChange("screen");
  }

  close(): void {
    for (const track of [this.mine.microphone.track, this.mine.camera.track, this.mine.screen]) {
      if (track === null) continue;
      track.onended = null;
      track.stop();
    }
    this.mine = { microphone: SWITCHED_OFF, camera: SWITCHED_OFF, screen: null };
  }

  private use(kind: Kind, track: MediaStreamTrack, on: boolean): void {
    track.enabled = on;
    track.onended = () => {
      // Unplugged, or taken by a phone call: said, and tried once with what there is.
      this.set(kind, { on: false, why: "busy", track: null });
      if (on) void this.turn(kind, true);
    };
    this.set(kind, { on, why: "ready", track });
  }

  private off(kind: Kind): void {
    const { track } = this.mine[kind];
    if (kind === "microphone" && track?.readyState === "live") {
      track.enabled = false;
      this.set(kind, { on: false, why: "ready", track });
      return;
    }
    if (track !== null) track.onended = null;
    track?.stop();
    this.set(kind, { on: false, why: "ready", track: null });
  }

  private set(kind: Kind, device: Device): void {
    this.mine = { ...this.mine, [kind]: device };
    this.onChange(kind);
  }
}
