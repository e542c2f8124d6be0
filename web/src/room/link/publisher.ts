/** A connection that sends: mine of face and voice, or that of a shared screen. We offer, the hub answers. */
import type { Connection, IceServer, Source } from "../core/index.ts";
import { tuned } from "./sdp.ts";

/** Lowest first: that is what everybody gets who cannot take more. */
const LAYERS: RTCRtpEncodingParameters[] = [
  // With the sound it fits a line of 150 kbit/s: a face that moves ten times a second says more than a still one.
  { rid: "l", scaleResolutionDownBy: 4, maxBitrate: 70_000, maxFramerate: 10 },
  { rid: "m", scaleResolutionDownBy: 2, maxBitrate: 350_000 },
  { rid: "h", scaleResolutionDownBy: 1, maxBitrate: 1_000_000 },
];
const SCREEN: RTCRtpEncodingParameters[] = [{ maxBitrate: 1_500_000, maxFramerate: 15 }];

/** Sends our offer, gives back the hub's answer. */
export type Publish = (
  connection: Connection,
  sdp: string,
  sources: Readonly<Record<string, Source>>,
) => Promise<string>;

export function configurationOf(servers: readonly IceServer[]): RTCConfiguration {
  return { iceServers: servers as RTCIceServer[], bundlePolicy: "max-bundle" };
}

function preferVp8(transceiver: RTCRtpTransceiver): void {
  // Absent in Safari 15 and in Chromium before 110 for senders: VP8 is first there anyway.
  const codecs = RTCRtpSender.getCapabilities("video")?.codecs ?? [];
  const first = codecs.filter(({ mimeType }) => /vp8/i.test(mimeType));
  if (first.length === 0) return;
  try {
    transceiver.setCodecPreferences([...first, ...codecs.filter((codec) => !first.includes(codec))]);
  } catch {
    // Its own order then.
  }
}

export class Publisher {
  readonly connection: Connection;
  readonly pc: RTCPeerConnection;
  private readonly publish: Publish;
  private readonly sent = new Map<Source, RTCRtpTransceiver>();
  private busy: Promise<void> = Promise.resolve();
  private over = false;

  constructor(connection: Connection, servers: readonly IceServer[], publish: Publish) {
    this.connection = connection;
    this.publish = publish;
    this.pc = new RTCPeerConnection(configurationOf(servers));
  }

  /** Both always have their place in the description: a camera that comes later needs no new one. */
  async start(tracks: Readonly<Partial<Record<Source, MediaStreamTrack | null>>>): Promise<void> {
    if (this.connection === "screen") this.add("screen", tracks.screen ?? null, SCREEN);
    else {
      this.add("microphone", tracks.microphone ?? null);
      this.add("camera", tracks.camera ?? null, LAYERS);
    }
    await this.negotiate(false);
  }

  private add(source: Source, track: MediaStreamTrack | null, encodings?: RTCRtpEncodingParameters[]): void {
    const of = track ?? (source === "microphone" ? "audio" : "video");
    const init: RTCRtpTransceiverInit = { direction: "sendonly", ...(encodings ? { sendEncodings: encodings } : {}) };
    const transceiver = this.pc.addTransceiver(of, init);
    if (source !== "microphone") preferVp8(transceiver);
    this.sent.set(source, transceiver);
  }

  /** Offers (again); with `restart` on new ICE credentials over whatever network there is now. */
  negotiate(restart: boolean): Promise<void> {
    const step = this.busy
      .then(() => this.offer(restart))
      .catch((failure: unknown) => {
        // What was replaced meanwhile fails nobody.
        if (!this.over) throw failure;
      });
    this.busy = step.catch(() => undefined);
    return step;
  }

  private async offer(restart: boolean): Promise<void> {
    if (this.over) return;
    // An offer whose answer was lost on the way is taken back first.
    if (this.pc.signalingState === "have-local-offer") await this.pc.setLocalDescription({ type: "rollback" });
    await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart: restart }));
    const sources = Object.fromEntries(
      [...this.sent].flatMap(([source, { mid }]) => (mid === null ? [] : [[mid, source] as const])),
    );
    const answer = await this.publish(this.connection, this.pc.localDescription?.sdp ?? "", sources);
    if (!this.isOver()) await this.pc.setRemoteDescription({ type: "answer", sdp: tuned(answer) });
  }

  // Whether it was closed while the hub thought; a method, for the compiler does not know of the waiting between.
  private isOver(): boolean {
    return this.over;
  }

  /** Another device, or none, without a new description. */
  async replace(source: Source, track: MediaStreamTrack | null): Promise<void> {
    await this.sent.get(source)?.sender.replaceTrack(track);
  }

  close(): void {
    this.over = true;
    this.pc.close();
  }
}
