/**
 * The only event stream. One tab of a browser listens and tells the others, because browsers allow six connections
 * per host; where Web Locks are missing (plain HTTP by address) each tab listens for itself. It is read by `fetch`,
 * not by EventSource, which would drop events of names it was not told and hide why the hub refused.
 */
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { getStream } from "../api/client.ts";
import { syncClock } from "../api/clock.ts";
import { Problem } from "../api/problems.ts";
import { afterGap, apply, type LiveEvent } from "./apply.ts";
import { frameReader, type Frame } from "./frames.ts";
import { heard } from "./status.ts";

const EVENTS = "/api/v1/events";
const CHANNEL = "lutong-events";
/** Lists are asked again at most this often, however many events rain. */
const GATHER_MS = 400;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

type News =
  | { readonly kind: "event"; readonly event: LiveEvent }
  | { readonly kind: "heartbeat"; readonly now: string }
  | { readonly kind: "gap" };

function objectIn(data: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(data);
    return typeof body === "object" && body !== null ? { ...body } : {};
  } catch {
    // A proxy's text is no event.
    return {};
  }
}

/** An event as it came, or null for what is none. */
export function parseEvent({ type, data }: Pick<Frame, "type" | "data">): News | null {
  const { id, version, now } = objectIn(data);
  if (type === "gap") return { kind: "gap" };
  if (type === "heartbeat") return typeof now === "string" ? { kind: "heartbeat", now } : null;
  if (typeof id !== "string") return null;
  return { kind: "event", event: { type, id, version: typeof version === "number" ? version : Infinity } };
}

/** Gathers stale keys for a moment, then asks for each once. */
function gatherer(cache: QueryClient) {
  const waiting = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = () => {
    timer = null;
    const keys = [...waiting.values()];
    waiting.clear();
    for (const queryKey of keys) void cache.invalidateQueries({ queryKey });
  };
  return (keys: readonly QueryKey[]) => {
    for (const key of keys) waiting.set(JSON.stringify(key), key);
    if (keys.length > 0) timer ??= setTimeout(flush, GATHER_MS);
  };
}

interface Listening {
  readonly tell: (news: News) => void;
  /** The hub no longer knows this session. */
  readonly onExpired: () => void;
  readonly signal: AbortSignal;
}

/** Reads until the stream ends; the answer is the last event's id. */
async function readOnce(lastEventId: string | null, { tell, signal }: Listening): Promise<string | null> {
  const body = await getStream(EVENTS, { lastEventId, signal });
  heard();
  const frames = frameReader();
  const text = body.pipeThrough(new TextDecoderStream()).getReader();
  let last = lastEventId;
  for (let piece = await text.read(); !piece.done; piece = await text.read())
    for (const frame of frames.take(piece.value)) {
      last = frame.id ?? last;
      const news = parseEvent(frame);
      if (news !== null) tell(news);
    }
  return last;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Listens until the signal, resuming after every break from the last event it saw. */
async function listen(listening: Listening): Promise<void> {
  let last: string | null = null;
  let wait = FIRST_PAUSE_MS;
  while (!listening.signal.aborted) {
    try {
      last = await readOnce(last, listening);
      wait = FIRST_PAUSE_MS;
    } catch (failure) {
      if (failure instanceof Problem && failure.status === 401) {
        listening.onExpired();
        return;
      }
      // Everything else is the line: wait, longer each time, and resume.
      wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
    }
    await pause(wait, listening.signal);
    // The hub bridges from the last id, or says "gap" itself; without an id nobody knows what was missed.
    if (last === null) listening.tell({ kind: "gap" });
  }
}

/** Starts listening for one account; the answer stops it. */
export function startLive(cache: QueryClient, onExpired: () => void): () => void {
  const stale = gatherer(cache);
  const stopped = new AbortController();
  lead({
    signal: stopped.signal,
    onExpired,
    tell: (news) => {
      if (news.kind !== "gap") heard();
      if (news.kind === "heartbeat") syncClock(news.now);
      else stale(news.kind === "gap" ? afterGap() : apply(cache, news.event));
    },
  });
  return () => {
    stopped.abort();
  };
}

/** Becomes the listening tab, or waits for its turn and meanwhile hears it from the one that is. */
function lead(listening: Listening): void {
  if (!("locks" in navigator) || !("BroadcastChannel" in globalThis)) {
    void listen(listening);
    return;
  }
  const { signal, tell } = listening;
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (message: MessageEvent<News>) => {
    tell(message.data);
  };
  signal.addEventListener("abort", () => {
    channel.close();
  });
  const shared: Listening = {
    ...listening,
    tell: (news) => {
      tell(news);
      if (!signal.aborted) channel.postMessage(news);
    },
  };
  navigator.locks.request(CHANNEL, { signal }, () => listen(shared)).catch(() => undefined);
}
