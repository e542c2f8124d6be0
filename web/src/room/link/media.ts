/** All connections of one epoch: begun, watched, restarted on silence, and given up for a new beginning. */
import { begun, looked, type Advice, type IceServer, type Leg, type Offer, type Watch } from "../core/index.ts";
import type { Media as MediaState } from "./call.ts";
import { Counting } from "./counting.ts";
import { pathOf, receivedOf, reportsOf, type Reports } from "./measure.ts";
import type { MediaHooks } from "./hooks.ts";
import { Patience } from "./patience.ts";
import { Publisher } from "./publisher.ts";
import { sessionOf } from "./sdp.ts";
import { Refused } from "./socket.ts";
import { Subscriber } from "./subscriber.ts";

const LOOK_EVERY_MS = 500;

export class Media {
  private readonly hooks: MediaHooks;
  /** From the last welcome; their credentials do not last. */
  servers: readonly IceServer[] = [];
  private epoch = 0;
  private main: Publisher | null = null;
  private screen: Publisher | null = null;
  private subscriber: Subscriber | null = null;
  private watches = new Map<Leg, Watch>();
  private timer: ReturnType<typeof setInterval> | null = null;
  private readonly counting = new Counting();
  private state: MediaState = { at: "off" };
  private looking = false;
  private readonly patience = new Patience();

  constructor(hooks: MediaHooks) {
    this.hooks = hooks;
  }

  /** Drops what there is and connects anew. The last pictures stand still until the new ones are there. */
  begin(epoch: number): void {
    this.close();
    this.epoch = epoch;
    this.say({ at: "connecting" });
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.publishMain();
    if (this.hooks.mine().screen !== null) this.share();
    this.subscribe();
  }

  drop(): void {
    this.close();
    this.hooks.onChange({ tracks: {} });
    this.say({ at: "off" });
  }

  private close(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.patience.stop();
    this.main?.close();
    this.screen?.close();
    this.subscriber?.close();
    this.main = this.screen = this.subscriber = null;
    this.counting.reset();
    this.watches.clear();
  }

  take(offer: Offer): void {
    if (offer.epoch === this.epoch) this.subscriber?.take(offer);
  }

  /** The hub's end of a connection is gone: only that one is made anew. */
  gone(leg: Leg): void {
    if (this.timer === null) return;
    if (leg === "subscribe") this.subscribe();
    else if (leg === "main") this.publishMain();
    else if (this.hooks.mine().screen !== null) this.share();
  }

  replace(kind: "microphone" | "camera"): void {
    const { on, track } = this.hooks.mine()[kind];
    void this.main?.replace(kind, on || kind === "microphone" ? track : null).catch(() => undefined);
  }

  share(): void {
    this.screen?.close();
    this.screen = this.start("screen");
  }

  async unshare(): Promise<void> {
    this.screen?.close();
    this.screen = null;
    this.watches.delete("screen");
    await this.hooks.request({ type: "unpublish", connection: "screen" }).catch(() => undefined);
  }

  /** Another network: do not wait for the silence. */
  restart(): void {
    for (const leg of this.watches.keys()) this.restartLeg(leg);
  }

  private publishMain(): void {
    this.main?.close();
    this.main = this.start("main");
  }

  private start(connection: "main" | "screen"): Publisher {
    const epoch = this.epoch;
    let end = "";
    const publisher = new Publisher(connection, this.servers, async (of, sdp, sources) => {
      const answer = await this.hooks.request({ type: "publish", connection: of, epoch, sdp, sources });
      if (answer.type !== "published") throw new Refused("UNEXPECTED");
      const before = end;
      end = sessionOf(answer.sdp);
      // The hub has another end now, which knows nothing of our keys: it was told nothing of us for too long.
      if (before !== "" && end !== before) this.gone(of);
      return answer.sdp;
    });
    this.watches.set(connection, begun(performance.now()));
    const { microphone, camera, screen } = this.hooks.mine();
    publisher
      .start({ microphone: microphone.track, camera: camera.on ? camera.track : null, screen })
      .catch(this.failed);
    return publisher;
  }

  private subscribe(): void {
    this.subscriber?.close();
    const epoch = this.epoch;
    this.watches.set("subscribe", begun(performance.now()));
    this.subscriber = new Subscriber(this.servers, {
      answer: async (version, sdp) => {
        await this.hooks.request({ type: "answer", epoch, version, sdp });
      },
      onTracks: (tracks) => {
        this.hooks.onChange({ tracks });
      },
      onFailed: () => {
        this.failed(null);
      },
    });
    this.hooks.request({ type: "subscribe", epoch }).catch((failure: unknown) => {
      // An older beginning fails nobody.
      if (epoch === this.epoch) this.failed(failure);
    });
  }

  /** A lost line brings us here too; then joining again is under way already. */
  private readonly failed = (failure: unknown) => {
    if (failure instanceof Refused && failure.code === "LINE_DOWN") return;
    if (this.timer === null) return;
    if (failure instanceof Refused && failure.code === "MEDIA_AWAY") this.later();
    else this.hooks.onRejoin();
  };

  /** The hub has no worker for us: joining again would not give it one, and what is written goes on. */
  private later(): void {
    if (
      this.patience.later(() => {
        this.begin(this.epoch);
      })
    )
      this.say({ at: "restoring", since: performance.now() });
  }

  private restartLeg(leg: Leg): void {
    this.say({ at: "restoring", since: performance.now() });
    if (leg === "subscribe") {
      this.hooks.request({ type: "restart", epoch: this.epoch }).catch(this.failed);
      return;
    }
    (leg === "main" ? this.main : this.screen)?.negotiate(true).catch(this.failed);
  }

  private pcOf(leg: Leg): RTCPeerConnection | null {
    if (leg === "subscribe") return this.subscriber?.expects === true ? this.subscriber.pc : null;
    return (leg === "main" ? this.main : this.screen)?.pc ?? null;
  }

  private async look(): Promise<void> {
    // Statistics may take longer than the pace on an old computer.
    if (this.looking) return;
    this.looking = true;
    try {
      for (const leg of [...this.watches.keys()]) await this.lookAt(leg);
      await this.count();
    } catch {
      // A connection that was closed meanwhile has no statistics.
    } finally {
      this.looking = false;
    }
  }

  private async lookAt(leg: Leg): Promise<void> {
    const pc = this.pcOf(leg);
    const now = performance.now();
    if (pc === null) {
      this.watches.set(leg, begun(now));
      return;
    }
    const reports = await reportsOf(pc);
    // It may have been replaced while we waited for the numbers.
    if (this.pcOf(leg) === pc) this.judge(leg, reports, now);
  }

  private judge(leg: Leg, reports: Reports, now: number): void {
    const received = receivedOf(reports);
    const before = this.watches.get(leg);
    if (received === null || before === undefined) return;
    const { watch, advice } = looked(before, received, now);
    this.watches.set(leg, watch);
    if (advice === "fine" && leg === "main" && watch.heardAt === now) {
      this.patience.settled();
      this.say({ at: "up", path: pathOf(reports) });
    }
    this.act(leg, advice, now);
  }

  private act(leg: Leg, advice: Advice, now: number): void {
    switch (advice) {
      case "restart":
        this.restartLeg(leg);
        break;
      case "rejoin":
        this.watches.set(leg, begun(now));
        this.hooks.onRejoin();
        break;
      case "never-connected":
        this.watches.set(leg, begun(now));
        this.say({ at: "blocked" });
        // What never was cannot be restarted: the hub may have given up its end, and a browser its tries.
        this.gone(leg);
        break;
      case "fine":
    }
  }

  private async count(): Promise<void> {
    if (this.main === null || this.subscriber === null) return;
    const stats = await this.counting.look(this.main.pc, this.subscriber.pc, this.hooks.audioOnly());
    if (stats !== null) this.hooks.onStats(stats);
  }

  private say(state: MediaState): void {
    // What is blocked stays so in words until something comes through.
    if (this.state.at === "blocked" && state.at === "restoring") return;
    // The seconds count from the first loss.
    if (this.state.at === "restoring" && state.at === "restoring") return;
    this.state = state;
    this.hooks.onChange({ media: state });
  }
}
