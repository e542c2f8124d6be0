/** By which way media would reach the hub, tried before anybody joins: the second leg of the line, and which one fails. */
import type { IceServer } from "../core/index.ts";
import { configurationOf } from "./publisher.ts";
import { Refused, Socket } from "./socket.ts";

/** The best way that came through; `away`: the hub has nobody to try it with now. */
export type Way = "udp" | "tcp" | "relay" | "none" | "away";

const WITHIN_MS = 6_000;

/** Leaves the candidates of one kind, so that no other can help out. */
function only(kind: "udp" | "tcp", sdp: string): string {
  return sdp.replace(/^a=candidate:\S+ \d+ (udp|tcp) .*\r?\n/gim, (line, of: string) =>
    of.toLowerCase() === kind ? line : "",
  );
}

function connected(pc: RTCPeerConnection): Promise<boolean> {
  return new Promise((settle) => {
    const timer = setTimeout(() => {
      settle(false);
    }, WITHIN_MS);
    pc.onconnectionstatechange = () => {
      if (pc.connectionState !== "connected" && pc.connectionState !== "failed") return;
      clearTimeout(timer);
      settle(pc.connectionState === "connected");
    };
  });
}

class Trial {
  private readonly socket: Socket;
  private servers: readonly IceServer[] = [];
  private pc: RTCPeerConnection | null = null;
  private over = false;
  private readonly onWay: (way: Way) => void;

  constructor(address: string, onWay: (way: Way) => void) {
    this.onWay = onWay;
    this.socket = new Socket(address, {
      onOpen: () =>
        void this.run().then(this.tell, (failure: unknown) => {
          // A line that is down is tried again by itself; whoever was turned away has words elsewhere.
          if (failure instanceof Refused && failure.code === "MEDIA_AWAY") this.tell("away");
        }),
      onNotice: () => undefined,
      onLost: () => undefined,
    });
    this.socket.open();
  }

  close(): void {
    this.over = true;
    this.pc?.close();
    this.socket.close();
  }

  /** Whoever went on, or tries anew, hears nothing of it. */
  private readonly tell = (way: Way) => {
    if (!this.over) this.onWay(way);
  };

  private async run(): Promise<Way> {
    const answer = await this.socket.request({ type: "probe" });
    if (answer.type === "probed") this.servers = answer.ice_servers;
    const way = await this.best();
    this.socket.close();
    return way;
  }

  private async best(): Promise<Way> {
    if (await this.attempt("udp", "all")) return "udp";
    if (await this.attempt("tcp", "all")) return "tcp";
    return this.servers.length > 0 && (await this.attempt("udp", "relay")) ? "relay" : "none";
  }

  private async attempt(kind: "udp" | "tcp", policy: RTCIceTransportPolicy): Promise<boolean> {
    if (this.over) return false;
    const pc = new RTCPeerConnection({ ...configurationOf(this.servers), iceTransportPolicy: policy });
    this.pc = pc;
    try {
      pc.addTransceiver("audio", { direction: "sendonly" });
      const done = connected(pc);
      await pc.setLocalDescription(await pc.createOffer());
      const answer = await this.socket.request({ type: "probe", sdp: pc.localDescription?.sdp ?? "" });
      if (answer.type !== "probed") throw new Refused("UNEXPECTED");
      await pc.setRemoteDescription({ type: "answer", sdp: only(kind, answer.sdp) });
      return await done;
    } finally {
      pc.close();
    }
  }
}

/** Tries; the answer ends it before it is known. */
export function tryWay(address: string, onWay: (way: Way) => void): () => void {
  const trial = new Trial(address, onWay);
  return () => {
    trial.close();
  };
}
