/** Words that must not be lost: no to being recorded, the end of a class, of the call. A lost yes is asked for anew. */
import type { Answer, Request } from "../core/index.ts";
import { Refused } from "./socket.ts";

type Said = Extract<Request, { type: "consent" | "close-class" | "end" }>;

export class Word {
  /** Her noes that the hub has not heard yet. */
  private readonly noes = new Map<string, Said>();
  private readonly request: (it: Request) => Promise<Answer>;

  constructor(request: (it: Request) => Promise<Answer>) {
    this.request = request;
  }

  /** Throws `Refused` when the hub did, and when a yes did not reach it. */
  async say(it: Said): Promise<void> {
    this.noes.delete(it.type);
    if (it.type !== "consent" || !it.recording) this.noes.set(it.type, it);
    try {
      await this.request(it);
    } catch (failure) {
      if (this.noes.get(it.type) === it && failure instanceof Refused && failure.code === "LINE_DOWN") return;
      this.heard(it);
      throw failure;
    }
    this.heard(it);
  }

  /** The line is back. */
  again(): void {
    for (const no of [...this.noes.values()]) this.say(no).catch(() => undefined);
  }

  private heard(it: Said): void {
    if (this.noes.get(it.type) === it) this.noes.delete(it.type);
  }
}
