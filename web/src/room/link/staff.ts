/** What staff can do besides: show a study to all, point at it, share a screen, take another camera. */
import type { Pointer, SharedView } from "../core/index.ts";
import { obtainScreen } from "./devices.ts";
import type { Kind } from "./own.ts";
import { RoomSession, type Start } from "./session.ts";
import { Sharing } from "./sharing.ts";

export class StaffSession extends RoomSession {
  private readonly sharing: Sharing;

  constructor(start: Start) {
    super(start);
    this.sharing = new Sharing(this.socket);
  }

  override close(): void {
    this.sharing.stop();
    super.close();
  }

  async choose(kind: Kind, device: string): Promise<void> {
    await this.own.choose(kind, device);
  }

  async share(on: boolean): Promise<void> {
    const track = on ? await obtainScreen() : null;
    if (track !== null) this.own.share(track);
    else if (!on) this.own.unshare();
  }

  show(view: Omit<SharedView, "seq"> | null): void {
    const { me, view: shown } = this.call;
    const next = view === null ? null : { ...view, seq: (shown?.seq ?? 0) + 1 };
    this.set({ view: next, viewBy: me });
    this.sharing.show(next);
  }

  point(at: Pointer | null): void {
    this.sharing.point(at);
  }
}
