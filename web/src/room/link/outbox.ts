/** My messages until the hub has them: what a lost line held back goes out when we are back, under the same key. */
import type { Answer, Message, Request } from "../core/index.ts";
import type { Unsent } from "./call.ts";

export class Outbox {
  private readonly newKey: () => string;
  private readonly request: (it: Request) => Promise<Answer>;
  private readonly onChange: (unsent: readonly Unsent[]) => void;
  private readonly onSent: (message: Message) => void;
  private unsent: readonly Unsent[] = [];

  constructor(
    newKey: () => string,
    request: (it: Request) => Promise<Answer>,
    onChange: (unsent: readonly Unsent[]) => void,
    onSent: (message: Message) => void,
  ) {
    this.newKey = newKey;
    this.request = request;
    this.onChange = onChange;
    this.onSent = onSent;
  }

  async say(text: string): Promise<void> {
    const key = this.newKey();
    this.set([...this.unsent, { key, text, failed: false }]);
    await this.send(key, text);
  }

  again(): void {
    for (const { key, text, failed } of this.unsent) if (failed) void this.send(key, text);
  }

  /** What came back from the hub waits no longer. */
  heard(chats: readonly Message[]): void {
    const left = this.unsent.filter(({ key }) => chats.every((one) => one.key !== key));
    if (left.length < this.unsent.length) this.set(left);
  }

  private async send(key: string, text: string): Promise<void> {
    this.mark(key, false);
    try {
      const answer = await this.request({ type: "chat", key, text });
      if (answer.type === "ok" && answer.message !== undefined) this.onSent(answer.message);
      this.set(this.unsent.filter((one) => one.key !== key));
    } catch {
      // It stays in the list and says so.
      this.mark(key, true);
    }
  }

  private mark(key: string, failed: boolean): void {
    this.set(this.unsent.map((one) => (one.key === key ? { ...one, failed } : one)));
  }

  private set(unsent: readonly Unsent[]): void {
    this.unsent = unsent;
    this.onChange(unsent);
  }
}
