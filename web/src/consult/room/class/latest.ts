/** One picture at a time: what is wanted while one is on its way is fetched next, whatever was wanted between is not. */
export interface Seen {
  /** Null before the first one is there. */
  readonly address: string | null;
  readonly failed: boolean;
  readonly width: number;
  readonly height: number;
}

const NOTHING: Seen = { address: null, failed: false, width: 0, height: 0 };

export class Latest {
  private seen = NOTHING;
  private wanted = "";
  private underway: HTMLImageElement | null = null;
  private readonly listeners = new Set<() => void>();

  readonly now = () => this.seen;
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  want(address: string): void {
    if (address === this.wanted) return;
    this.wanted = address;
    if (this.underway === null) this.fetch(address);
  }

  private fetch(address: string): void {
    const picture = new Image();
    this.underway = picture;
    picture.onload = () => {
      const { naturalWidth: width, naturalHeight: height } = picture;
      this.settle(address, { address, failed: false, width, height });
    };
    picture.onerror = () => {
      this.settle(address, { ...NOTHING, failed: true });
    };
    picture.src = address;
  }

  private settle(address: string, seen: Seen): void {
    this.underway = null;
    const stale = address !== this.wanted;
    // A slice that was turned away meanwhile is not shown to a class any more: no failure of this one.
    if (!(seen.failed && stale)) this.seen = seen;
    for (const listener of this.listeners) listener();
    if (stale) this.fetch(this.wanted);
  }
}
