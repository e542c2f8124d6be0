/**
 * The only EventSource. One tab of a browser listens and tells the others, because browsers allow six connections
 * per host; where Web Locks are missing (plain HTTP by address) each tab listens for itself.
 */
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { syncClock } from "../api/clock.ts";
import { afterGap, apply, type LiveEvent } from "./apply.ts";
import { heard } from "./status.ts";

const EVENTS = "/api/v1/events";
const CHANNEL = "lutong-events";
/** Lists are asked again at most this often, however many events rain. */
const GATHER_MS = 400;

const TYPES = [
  "reading-order",
  "report",
  "study",
  "patient",
  "organization",
  "user",
  "task",
  "critical-value",
  "notification",
] as const;
const HAPPENINGS = [
  "changed",
  "created",
  "received",
  "completed",
  "set-aside",
  "matched",
  "routed",
  "no-route",
  "claimed",
  "released",
  "renewed",
  "lease-expired",
  "returned",
  "resent",
  "signed",
  "sent-back",
  "verified",
  "amended",
  "cancelled",
  "read",
  "closed",
] as const;

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
export function parseEvent(type: string, data: string): News | null {
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

function listen(tell: (news: News) => void): () => void {
  const source = new EventSource(EVENTS);
  const onNews = (message: MessageEvent<string>) => {
    const news = parseEvent(message.type, message.data);
    if (news !== null) tell(news);
  };
  const names = ["heartbeat", "gap", "message", ...TYPES.flatMap((type) => HAPPENINGS.map((it) => `${type}.${it}`))];
  for (const name of names) source.addEventListener(name, onNews as EventListener);
  // A second opening resumed by Last-Event-ID; the hub sends "gap" when it could not.
  source.addEventListener("open", () => {
    heard();
  });
  source.addEventListener("error", () => {
    // The browser gives up on an HTTP error; a later try is ours, and nothing tells what was missed.
    if (source.readyState === EventSource.CLOSED) tell({ kind: "gap" });
  });
  return () => {
    source.close();
  };
}

/** Starts listening for one account; the answer stops it. */
export function startLive(cache: QueryClient): () => void {
  const stale = gatherer(cache);
  const take = (news: News) => {
    heard();
    if (news.kind === "heartbeat") syncClock(news.now);
    else stale(news.kind === "gap" ? afterGap() : apply(cache, news.event));
  };
  const stopped = new AbortController();
  lead(take, stopped.signal);
  return () => {
    stopped.abort();
  };
}

/** Becomes the listening tab, or waits for its turn and meanwhile hears it from the one that is. */
function lead(take: (news: News) => void, signal: AbortSignal): void {
  const onAbort = (stop: () => void) => {
    signal.addEventListener("abort", stop, { once: true });
  };
  if (!("locks" in navigator) || !("BroadcastChannel" in globalThis)) {
    onAbort(listen(take));
    return;
  }
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (message: MessageEvent<News>) => {
    take(message.data);
  };
  onAbort(() => {
    channel.close();
  });
  const held = (): Promise<void> =>
    new Promise((resolve) => {
      const stop = listen((news) => {
        take(news);
        channel.postMessage(news);
      });
      onAbort(() => {
        stop();
        resolve();
      });
    });
  navigator.locks.request(CHANNEL, { signal }, held).catch(() => undefined);
}
