/** Plays every track of a recording on one clock: it runs as the first voice does, and stands while something is fetched. */
import { isOn, type Timeline, type Track } from "./timeline.ts";
import { isOver, isReady, steer, TOLERANCE_MS, type Media } from "./sync.ts";

export interface Playing {
  /** Milliseconds on the player's clock. */
  readonly at: number;
  readonly running: boolean;
  /** Something is still being fetched; the clock stands. */
  readonly waiting: boolean;
  readonly speed: number;
  readonly silent: readonly string[];
  /** Tracks that this browser cannot play. */
  readonly broken: readonly number[];
}

export const SPEEDS = [1, 1.5, 2] as const;
/** A track that is late for longer than this stops the clock. */
const PATIENCE_MS = 400;

interface Seat {
  readonly track: Track;
  readonly media: Media;
  jumpedAt: number;
  lateSince: number | null;
}

export class Player {
  readonly timeline: Timeline;
  private readonly clock: () => number;
  private readonly seats = new Map<number, Seat>();
  private readonly listeners = new Set<() => void>();
  private state: Playing = { at: 0, running: false, waiting: false, speed: 1, silent: [], broken: [] };
  private tickedAt: number;
  /** Nothing goes before all are ready: after a start and after a jump. */
  private starting = true;

  constructor(timeline: Timeline, clock: () => number) {
    this.timeline = timeline;
    this.clock = clock;
    this.tickedAt = clock();
  }

  readonly read = (): Playing => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The element that plays a track, once it is on the page. */
  attach(track: Track, media: Media): () => void {
    media.muted = this.isSilent(track);
    this.seats.set(track.number, { track, media, jumpedAt: -Infinity, lateSince: null });
    return () => {
      media.pause();
      this.seats.delete(track.number);
    };
  }

  toggle(): void {
    const over = this.state.at >= this.timeline.total;
    if (!this.state.running && over) this.seek(0);
    this.starting = true;
    this.say({ running: !this.state.running });
    this.tick();
  }

  seek(at: number): void {
    this.starting = true;
    for (const seat of this.seats.values()) seat.jumpedAt = -Infinity;
    this.say({ at: Math.max(0, Math.min(at, this.timeline.total)) });
    this.tick();
  }

  step(by: number): void {
    this.seek(this.state.at + by);
  }

  setSpeed(speed: number): void {
    this.say({ speed });
  }

  /** Somebody's voice off, or on again. */
  silence(lane: string): void {
    const { silent } = this.state;
    this.say({ silent: silent.includes(lane) ? silent.filter((it) => it !== lane) : [...silent, lane] });
    for (const { track, media } of this.seats.values()) media.muted = this.isSilent(track);
  }

  /** Looks after every track; a few times a second. */
  tick(): void {
    const now = this.clock();
    const at = this.advanced(now);
    this.tickedAt = now;
    if (at >= this.timeline.total && this.state.running) this.say({ at: this.timeline.total, running: false });
    else this.say({ at });
    const active = this.active();
    for (const seat of this.seats.values()) if (!active.includes(seat)) rest(seat);
    if (this.state.running) this.run(active, now);
    else this.stand(active, now);
  }

  /** Lets go of every element. */
  stop(): void {
    this.say({ running: false, waiting: false });
    for (const { media } of this.seats.values()) media.pause();
  }

  private isSilent(track: Track): boolean {
    if (track.kind === "video") return true;
    const lane = this.timeline.lanes.find(({ tracks }) => tracks.some(({ number }) => number === track.number));
    return lane !== undefined && this.state.silent.includes(lane.id);
  }

  /** The clock is a voice's while one is heard: then sound never stutters to please a clock. */
  private advanced(now: number): number {
    const { at, running, waiting, speed } = this.state;
    if (!running || waiting || this.starting) return at;
    const leader = this.leader();
    if (leader === null) return at + (now - this.tickedAt) * speed;
    return Math.max(at, leader.track.from + leader.media.currentTime * 1000);
  }

  private leader(): Seat | null {
    const moving = this.active().filter(({ media }) => !media.paused && !media.seeking && !media.ended);
    return moving.find(({ track }) => track.kind === "audio") ?? moving[0] ?? null;
  }

  private active(): readonly Seat[] {
    const found = [...this.seats.values()];
    return found.filter(({ track, media }) => isOn(track, this.state.at) && media.error === null);
  }

  private targetOf({ track }: Seat): number {
    return (this.state.at - track.from) / 1000;
  }

  private run(active: readonly Seat[], now: number): void {
    const late = active.filter((seat) => this.isLate(seat, now));
    const waiting = this.starting ? late.length > 0 || this.align(active, now) : late.some((it) => isTooLate(it, now));
    this.say({ waiting });
    if (waiting) {
      // From here on it is a start again: together, once all are ready.
      this.starting = true;
      this.stand(active, now);
      return;
    }
    this.starting = false;
    for (const seat of active) this.go(seat, now);
  }

  private isLate(seat: Seat, now: number): boolean {
    const late = !isReady(seat.media, this.targetOf(seat));
    seat.lateSince = late ? (seat.lateSince ?? now) : null;
    return late;
  }

  private stand(active: readonly Seat[], now: number): void {
    for (const { media } of active) if (!media.paused) media.pause();
    this.align(active, now);
    if (!this.state.running && this.state.waiting) this.say({ waiting: false });
  }

  /** Sets those that stand elsewhere than the clock; whether there was one. */
  private align(active: readonly Seat[], now: number): boolean {
    const off = active.filter(({ media, track }) => {
      const target = (this.state.at - track.from) / 1000;
      const far = Math.abs(media.currentTime - target) * 1000 > TOLERANCE_MS;
      return far && !media.seeking && !isOver(media, target);
    });
    for (const seat of off) this.jump(seat, now);
    return off.length > 0;
  }

  private jump(seat: Seat, now: number): void {
    seat.jumpedAt = now;
    seat.media.currentTime = this.targetOf(seat);
  }

  private go(seat: Seat, now: number): void {
    const { media } = seat;
    const target = this.targetOf(seat);
    if (isOver(media, target) || media.seeking) return;
    const { jump, rate } = steer((media.currentTime - target) * 1000, now - seat.jumpedAt);
    if (jump) this.jump(seat, now);
    const wanted = this.state.speed * (seat === this.leader() ? 1 : rate);
    if (media.playbackRate !== wanted) media.playbackRate = wanted;
    // A pause that comes before it has begun is no failure.
    if (media.paused) void media.play().catch(() => undefined);
  }

  private say(change: Partial<Playing>): void {
    const broken = [...this.seats.values()]
      .filter(({ media }) => media.error !== null)
      .map(({ track }) => track.number);
    const next = { ...this.state, ...change, broken };
    if (isSame(next, this.state)) return;
    this.state = next;
    for (const listener of this.listeners) listener();
  }
}

function rest({ media }: Seat): void {
  if (!media.paused) media.pause();
}

function isTooLate({ lateSince }: Seat, now: number): boolean {
  return lateSince !== null && now - lateSince > PATIENCE_MS;
}

function isSame(a: Playing, b: Playing): boolean {
  const plain = a.at === b.at && a.running === b.running && a.waiting === b.waiting && a.speed === b.speed;
  return plain && a.silent === b.silent && a.broken.join() === b.broken.join();
}
