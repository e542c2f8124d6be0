/** Everybody's voice plays, whoever is on the screen. */
import { trackKey, type Room } from "../room/core/index.ts";
import type { Call } from "../room/link/index.ts";
import { h } from "./dom.ts";

export class Voices {
  readonly element = h("div", { hidden: true });
  private readonly audio = new Map<string, HTMLAudioElement>();
  /** The browser wants a press first. */
  private readonly onSilenced: () => void;

  constructor(onSilenced: () => void) {
    this.onSilenced = onSilenced;
  }

  update({ tracks }: Call, room: Room): void {
    const heard = new Map<string, MediaStream>();
    for (const { id } of room.seats) {
      const stream = id === room.me ? undefined : tracks[trackKey(id, "microphone")];
      if (stream !== undefined) heard.set(id, stream);
    }
    for (const [id, audio] of this.audio)
      if (!heard.has(id)) {
        audio.remove();
        this.audio.delete(id);
      }
    for (const [id, stream] of heard) this.hear(id, stream);
  }

  /** After a press. */
  play(): void {
    for (const audio of this.audio.values()) this.start(audio);
  }

  private hear(id: string, stream: MediaStream): void {
    const known = this.audio.get(id);
    if (known?.srcObject === stream) return;
    const audio = known ?? h("audio", { autoplay: true });
    if (known === undefined) this.element.append(audio);
    this.audio.set(id, audio);
    audio.srcObject = stream;
    this.start(audio);
  }

  private start(audio: HTMLAudioElement): void {
    audio.play().catch((failure: unknown) => {
      if (failure instanceof DOMException && failure.name === "NotAllowedError") this.onSilenced();
    });
  }
}
