/** One picture at a time: what is wanted while one is on its way is fetched next, whatever was wanted between is not. */
import { Patience } from "../../../room/link/index.ts";

/** The host has to look at it first; anything else passes, and is tried again. */
export type Failure = "withheld" | "passing";

export interface Seen {
  /** Null before the first one is there. */
  readonly address: string | null;
  readonly failure: Failure | null;
  readonly width: number;
  readonly height: number;
}

/** A picture, and how to learn why it did not come. */
export interface Wanted {
  readonly address: string;
  readonly why: () => Promise<Failure>;
}

const NOTHING: Seen = { address: null, failure: null, width: 0, height: 0 };

export class Latest {
  private seen = NOTHING;
  private wanted: Wanted | null = null;
  private underway: Wanted | null = null;
  private readonly patience = new Patience();
  private readonly listeners = new Set<() => void>();

  readonly now = () => this.seen;
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.patience.stop();
    };
  };

  /** Said anew, a withheld one is fetched again: the host may have looked. What failed in passing has its pause. */
  want(wanted: Wanted): void {
    const same = wanted.address === this.wanted?.address;
    this.wanted = wanted;
    if (this.underway !== null || (same && this.seen.failure !== "withheld")) return;
    this.patience.stop();
    this.fetch(wanted);
  }

  private fetch(it: Wanted): void {
    const picture = new Image();
    this.underway = it;
    picture.onload = () => {
      const { naturalWidth: width, naturalHeight: height } = picture;
      this.settle(it, { address: it.address, failure: null, width, height });
    };
    picture.onerror = () => {
      void it.why().then((failure) => {
        this.settle(it, { ...NOTHING, failure });
      });
    };
    picture.src = it.address;
  }

  private settle(it: Wanted, seen: Seen): void {
    this.underway = null;
    const wanted = this.wanted ?? it;
    const turned = wanted.address !== it.address;
    // A slice that was turned away meanwhile is not shown to a class any more: no failure of this one.
    if (seen.failure === null || !turned) this.seen = seen;
    for (const listener of this.listeners) listener();
    if (turned) this.fetch(wanted);
    else if (seen.failure === null) this.patience.settled();
    else this.failed(it, wanted, seen.failure);
  }

  private failed(it: Wanted, wanted: Wanted, why: Failure): void {
    if (why === "passing" && this.listeners.size > 0)
      this.patience.later(() => {
        this.fetch(wanted);
      });
    if (why === "withheld" && wanted !== it) this.fetch(wanted);
  }
}
