/** Asking again after ever longer pauses: where the hub has no media worker, asking at once would not make one. */
const FIRST_MS = 1_000;
const LONGEST_MS = 10_000;

export class Patience {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private pause = FIRST_MS;

  /** Does it after the pause; a second wish within it is the same one. False where it was wished already. */
  later(what: () => void): boolean {
    if (this.timer !== null) return false;
    this.timer = setTimeout(() => {
      this.timer = null;
      what();
    }, this.pause);
    this.pause = Math.min(LONGEST_MS, this.pause * 2);
    return true;
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** It went well: the next pause is short again. */
  settled(): void {
    this.pause = FIRST_MS;
  }
}
