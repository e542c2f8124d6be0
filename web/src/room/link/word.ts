/** Her word about recording. A no is said again until the hub heard it; a yes that was lost is asked for anew. */
import type { Answer, Request } from "../core/index.ts";
import { Refused } from "./socket.ts";

export class Word {
  private no = false;
  private readonly request: (it: Request) => Promise<Answer>;

  constructor(request: (it: Request) => Promise<Answer>) {
    this.request = request;
  }

  /** Throws `Refused` when the hub did, and when a yes did not reach it. */
  async say(recording: boolean): Promise<void> {
    this.no = !recording;
    try {
      await this.request({ type: "consent", recording });
    } catch (failure) {
      if (this.no && failure instanceof Refused && failure.code === "LINE_DOWN") return;
      this.no = false;
      throw failure;
    }
    this.no = false;
  }

  /** The line is back. */
  again(): void {
    if (this.no) this.say(false).catch(() => undefined);
  }
}
