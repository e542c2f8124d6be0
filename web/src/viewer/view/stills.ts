/** A shelf of JPEG stills: fetches a few at once, keeps the last few hundred, tells when something changed. */
import { nextToFetch, renderedAddress, type Rendering, type Slice } from "../core/index.ts";

export interface Asked {
  readonly slices: readonly Slice[];
  readonly index: number;
  readonly direction: 1 | -1;
  /** Null: nothing is wanted just now. */
  readonly rendering: Rendering | null;
  readonly alone: boolean;
}

export type StillState =
  { readonly at: "loading" } | { readonly at: "ready"; readonly picture: HTMLImageElement } | { readonly at: "failed" };

/** Looks of a dragged window pile up; four hundred pictures are some seven megabytes. */
const MOST_KEPT = 400;
const LOADING: StillState = { at: "loading" };

export class Shelf {
  private readonly settled = new Map<string, StillState>();
  private readonly underway = new Map<string, HTMLImageElement>();
  private readonly listeners = new Set<() => void>();
  private changes = 0;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };
  readonly version = () => this.changes;

  stateOf(address: string): StillState {
    return this.settled.get(address) ?? LOADING;
  }

  /** Starts what is wanted and free, and drops what is under way for a look nobody wants any more. */
  want({ slices, index, direction, rendering, alone }: Asked): void {
    if (rendering === null) return;
    const addresses = slices.map((slice) => renderedAddress(slice, rendering));
    this.dropAllBut(new Set(addresses));
    const positions = (known: { has: (address: string) => boolean }) =>
      new Set(addresses.flatMap((address, at) => (known.has(address) ? [at] : [])));
    const [loaded, underway] = [positions(this.settled), positions(this.underway)];
    for (const next of nextToFetch({ index, count: slices.length, direction, loaded, underway, alone })) {
      const address = addresses[next];
      if (address !== undefined) this.begin(address);
    }
  }

  retry(address: string): void {
    this.settled.delete(address);
    this.tell();
  }

  private begin(address: string): void {
    const picture = new Image();
    this.underway.set(address, picture);
    picture.onload = () => {
      this.settle(address, { at: "ready", picture });
    };
    picture.onerror = () => {
      this.settle(address, { at: "failed" });
    };
    picture.src = address;
  }

  private settle(address: string, state: StillState): void {
    this.underway.delete(address);
    this.settled.set(address, state);
    for (const oldest of this.settled.keys()) {
      if (this.settled.size <= MOST_KEPT) break;
      this.settled.delete(oldest);
    }
    this.tell();
  }

  private dropAllBut(wanted: ReadonlySet<string>): void {
    for (const [address, picture] of this.underway) {
      if (wanted.has(address)) continue;
      this.underway.delete(address);
      picture.onload = picture.onerror = null;
      picture.src = "";
    }
  }

  private tell(): void {
    this.changes += 1;
    for (const listener of this.listeners) listener();
  }
}
