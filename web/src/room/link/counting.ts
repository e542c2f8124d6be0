/** What the lines carry, counted every five seconds from two looks at both directions. */
import type { Stats } from "../core/index.ts";
import { reportsOf, statsOf, totalsOf, type Totals } from "./measure.ts";

const EVERY_MS = 5_000;

export class Counting {
  private totals: Totals | null = null;

  /** Null until it is time, and for the first look. */
  async look(sending: RTCPeerConnection, receiving: RTCPeerConnection, audioOnly: boolean): Promise<Stats | null> {
    const now = performance.now();
    const before = this.totals;
    if (before !== null && now - before.at < EVERY_MS) return null;
    const publishing = await reportsOf(sending);
    const totals = totalsOf(publishing, await reportsOf(receiving), now);
    this.totals = totals;
    return before === null ? null : statsOf(publishing, before, totals, audioOnly);
  }

  reset(): void {
    this.totals = null;
  }
}
