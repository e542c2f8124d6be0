/** The line to the hub: opens again by itself, matches answers to what was asked, and notices when nobody answers. */
import type { Answer, Notice, Request, Told } from "../core/index.ts";

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 3_000;
const ANSWER_WITHIN_MS = 8_000;
/** A line that is cut says nothing: we ask, and open anew when no answer came. */
const ASK_EVERY_MS = 2_500;
/** Longer than the hub waits for a media worker: an answer that is slow is no line that is cut. */
const PONG_WITHIN_MS = 6_000;
/** Another network: then a line that is gone is known sooner. */
const CHECK_WITHIN_MS = 2_500;
const CONNECT_WITHIN_MS = 8_000;
/** The hub's last word: no further attempt. */
const FINAL = 4000;

/** The hub refused, or was not reached (`LINE_DOWN`). */
export class Refused extends Error {
  readonly code: string;
  /** `TOO_EARLY` says when. */
  readonly beginsAt: string | null;
  constructor(code: string, detail = "", beginsAt: string | null = null) {
    super(detail || code);
    this.code = code;
    this.beginsAt = beginsAt;
  }
}

export interface Hearing {
  /** A fresh line is open: whoever listens joins (again). */
  readonly onOpen: () => void;
  readonly onNotice: (notice: Notice) => void;
  /** The line is gone; another attempt follows by itself. */
  readonly onLost: () => void;
}

interface Pending {
  readonly settle: (answer: Answer) => void;
  readonly fail: (why: Refused) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

interface Frame {
  readonly type: string;
  readonly id?: number;
}

function frameOf(data: unknown): Frame | null {
  if (typeof data !== "string") return null;
  try {
    const frame: unknown = JSON.parse(data);
    return typeof frame === "object" && frame !== null && "type" in frame ? (frame as Frame) : null;
  } catch {
    // What is no JSON is not from our hub.
    return null;
  }
}

export class Socket {
  private readonly address: string;
  private readonly hearing: Hearing;
  private readonly pending = new Map<number, Pending>();
  private socket: WebSocket | null = null;
  private number = 0;
  private wait = FIRST_WAIT_MS;
  private again: ReturnType<typeof setTimeout> | null = null;
  private asking: ReturnType<typeof setInterval> | null = null;
  private closed = false;

  constructor(address: string, hearing: Hearing) {
    this.address = address;
    this.hearing = hearing;
  }

  open(): void {
    if (this.closed) return;
    this.again = null;
    const socket = new WebSocket(this.address);
    this.socket = socket;
    const slow = setTimeout(() => {
      if (this.socket === socket) this.lost();
    }, CONNECT_WITHIN_MS);
    socket.onopen = () => {
      clearTimeout(slow);
      if (this.socket !== socket) return;
      this.asking = setInterval(() => void this.ask(PONG_WITHIN_MS), ASK_EVERY_MS);
      this.hearing.onOpen();
    };
    socket.onmessage = ({ data }) => {
      if (this.socket === socket) this.heard(frameOf(data));
    };
    socket.onclose = ({ code }) => {
      clearTimeout(slow);
      if (this.socket !== socket) return;
      if (code === FINAL) this.closed = true;
      this.lost();
    };
  }

  /** Throws `Refused`. */
  request(it: Request, within = ANSWER_WITHIN_MS): Promise<Answer> {
    const socket = this.socket;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new Refused("LINE_DOWN"));
    const id = ++this.number;
    return new Promise((settle, fail) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        fail(new Refused("LINE_DOWN"));
      }, within);
      this.pending.set(id, { settle, fail, timer });
      socket.send(JSON.stringify({ ...it, id }));
    });
  }

  /** Says something that nobody answers; over a line that is down it is lost, and may be. */
  tell(it: Told): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(it));
  }

  /** The hub admitted us: the next loss waits the short time again. */
  settled(): void {
    this.wait = FIRST_WAIT_MS;
  }

  /** Drops this line and opens another; whoever was not let in meanwhile waits longer each time. */
  renew(): void {
    this.lost();
  }

  /** Asks now whether anybody is there. */
  check(): void {
    void this.ask(CHECK_WITHIN_MS);
  }

  close(): void {
    this.closed = true;
    this.lost();
  }

  private heard(frame: Frame | null): void {
    if (frame === null) return;
    const { id } = frame;
    const pending = id === undefined ? undefined : this.pending.get(id);
    if (id === undefined || pending === undefined) {
      this.hearing.onNotice(frame as Notice);
      return;
    }
    this.pending.delete(id);
    clearTimeout(pending.timer);
    const answer = frame as Answer;
    if (answer.type === "error") pending.fail(new Refused(answer.code, answer.detail, answer.begins_at));
    else pending.settle(answer);
  }

  private async ask(within: number): Promise<void> {
    const socket = this.socket;
    try {
      await this.request({ type: "ping" }, within);
    } catch {
      if (this.socket === socket && socket !== null) this.renew();
    }
  }

  private lost(): void {
    const socket = this.socket;
    this.socket = null;
    if (this.asking !== null) clearInterval(this.asking);
    this.asking = null;
    for (const [id, { fail, timer }] of this.pending) {
      clearTimeout(timer);
      this.pending.delete(id);
      fail(new Refused("LINE_DOWN"));
    }
    socket?.close();
    if (socket !== null) this.hearing.onLost();
    if (this.again !== null) clearTimeout(this.again);
    if (this.closed) return;
    // Everybody's line breaks at once when a process is replaced: they come back spread over the time.
    this.again = setTimeout(
      () => {
        this.open();
      },
      this.wait * (0.7 + 0.6 * Math.random()),
    );
    this.wait = Math.min(LONGEST_WAIT_MS, this.wait * 1.8);
  }
}
