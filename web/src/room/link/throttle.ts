/** Lets the first through at once and of the rest the last one of each pace: what was meant in between is over. */
export class Throttle {
  private readonly everyMs: number;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private last: (() => void) | null = null;

  constructor(everyMs: number) {
    this.everyMs = everyMs;
  }

  run(it: () => void): void {
    if (this.timer !== null) {
      this.last = it;
      return;
    }
    it();
    this.timer = setTimeout(() => {
      this.timer = null;
      const last = this.last;
      this.last = null;
      if (last !== null) this.run(last);
    }, this.everyMs);
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = this.last = null;
  }
}
