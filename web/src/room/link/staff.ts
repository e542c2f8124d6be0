/** What staff can do besides: show a study to all, point at it, share a screen, take another camera. */
import type { Pointer, SharedView } from "../core/index.ts";
import { obtainScreen, type Chosen } from "./devices.ts";
import type { Kind } from "./own.ts";
import { RoomSession, type Start } from "./session.ts";
import { Sharing } from "./sharing.ts";
import { Refused } from "./socket.ts";

export class StaffSession extends RoomSession {
  private readonly sharing: Sharing;
  /** Counts how often sharing was ended: a screen that is granted later is not wanted any more. */
  private ends = 0;

  constructor(start: Start) {
    super(start);
    this.sharing = new Sharing(this.socket);
  }

  /** Which devices she chose, here or before. */
  get chosen(): Chosen {
    return this.own.chosen;
  }

  override close(): void {
    this.ends += 1;
    this.sharing.stop();
    super.close();
  }

  async choose(kind: Kind, device: string): Promise<void> {
    await this.own.choose(kind, device);
  }

  async share(on: boolean): Promise<void> {
    if (!on) {
      this.ends += 1;
      this.own.unshare();
      return;
    }
    const ends = this.ends;
    const track = await obtainScreen();
    if (track === null) return;
    if (ends === this.ends) this.own.share(track);
    else track.stop();
  }

  show(view: Omit<SharedView, "seq"> | null): void {
    const { me, view: shown } = this.call;
    const next = view === null ? null : { ...view, seq: (shown?.seq ?? 0) + 1 };
    this.set({ view: next, viewBy: me, doubt: null });
    this.sharing.show(next, (failure) => {
      if (failure instanceof Refused && failure.code === "BURNED_IN") this.set({ doubt: next });
    });
  }

  point(at: Pointer | null): void {
    this.sharing.point(at);
  }
}
