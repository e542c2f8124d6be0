/** What I show to all and where I point, as data: often enough to seem at once, far below what the hub takes. */
import type { Pointer, SharedView } from "../core/index.ts";
import type { Socket } from "./socket.ts";
import { Throttle } from "./throttle.ts";

/** Everybody sees the same slice within 300 ms; the hub takes 50 frames a second. */
const VIEW_EVERY_MS = 90;
const POINT_EVERY_MS = 70;

export class Sharing {
  private readonly socket: Socket;
  private readonly views = new Throttle(VIEW_EVERY_MS);
  private readonly points = new Throttle(POINT_EVERY_MS);

  constructor(socket: Socket) {
    this.socket = socket;
  }

  show(view: SharedView | null, refused: (failure: unknown) => void): void {
    // What a lost line swallowed is overtaken by the next movement, or by the room as the hub has it.
    this.views.run(() => void this.socket.request({ type: "view", view }).catch(refused));
  }

  point(at: Pointer | null): void {
    this.points.run(() => {
      this.socket.tell({ type: "point", x: at?.x ?? null, y: at?.y ?? null });
    });
  }

  stop(): void {
    this.views.stop();
    this.points.stop();
  }
}
