/** The connection that receives everybody else: the hub offers, again and again, and we answer in turn. */
import { trackKey, type IceServer, type Offer } from "../core/index.ts";
import { configurationOf } from "./publisher.ts";

export type Tracks = Readonly<Record<string, MediaStream>>;

export interface Receiving {
  readonly answer: (version: number, sdp: string) => Promise<void>;
  readonly onTracks: (tracks: Tracks) => void;
  readonly onFailed: () => void;
}

export class Subscriber {
  readonly pc: RTCPeerConnection;
  private readonly receiving: Receiving;
  private busy: Promise<void> = Promise.resolve();
  private newest = 0;
  private streams: Record<string, MediaStream> = {};
  private over = false;
  /** Somebody sends something: silence then means that the line is broken. */
  expects = false;

  constructor(servers: readonly IceServer[], receiving: Receiving) {
    this.receiving = receiving;
    this.pc = new RTCPeerConnection(configurationOf(servers));
  }

  take(offer: Offer): void {
    if (offer.version <= this.newest) return;
    this.newest = offer.version;
    this.busy = this.busy.then(() => this.answer(offer)).catch(this.failed);
  }

  private readonly failed = () => {
    if (!this.over) this.receiving.onFailed();
  };

  private async answer(offer: Offer): Promise<void> {
    // A newer one waits already: the hub takes no answer to an older one.
    if (this.over || offer.version < this.newest) return;
    await this.pc.setRemoteDescription({ type: "offer", sdp: offer.sdp });
    await this.pc.setLocalDescription(await this.pc.createAnswer());
    await this.receiving.answer(offer.version, this.pc.localDescription?.sdp ?? "");
    this.read(offer);
  }

  /** One stream for each picture or sound; the same track keeps its stream, so that no picture flickers. */
  private read({ tracks }: Offer): void {
    const streams: Record<string, MediaStream> = {};
    for (const { mid, seat, source } of tracks) {
      const track = this.pc.getTransceivers().find((one) => one.mid === mid)?.receiver.track;
      if (track === undefined) continue;
      const key = trackKey(seat, source);
      const known = this.streams[key];
      streams[key] = known?.getTracks()[0] === track ? known : new MediaStream([track]);
    }
    this.expects = tracks.length > 0;
    this.streams = streams;
    this.receiving.onTracks(streams);
  }

  close(): void {
    this.over = true;
    this.pc.close();
  }
}
