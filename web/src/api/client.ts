/**
 * The one way to the hub: requests typed by its own description, the session's CSRF token, refusals as typed throws.
 * (openapi-fetch maps readonly arrays to objects, so the sixty lines it would save are ours.)
 */
import type { paths } from "./generated/schema.d.ts";
import { LineDown, problemFrom } from "./problems.ts";

type Method = "get" | "post" | "put" | "delete";
type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Readonly<Record<M, object>> ? P : never;
}[keyof paths];
type Operation<P extends keyof paths, M extends Method> = paths[P] extends Readonly<Record<M, infer O>> ? O : never;

type Json = "application/json" | "application/dicom+json";
type JsonOf<A> = A extends { readonly content: infer C } ? C[keyof C & Json] : never;
type SentOf<O> = O extends { readonly responses: infer R }
  ? { [S in keyof R]: S extends 200 | 201 ? JsonOf<R[S]> : never }[keyof R]
  : never;
type BodyOf<O> = O extends { readonly requestBody: { readonly content: { readonly "application/json": infer B } } }
  ? B
  : never;
type QueryOf<O> = O extends { readonly parameters: { readonly query?: infer Q } } ? Q : never;

interface Common {
  /** What fills the braces of the path. */
  readonly at?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}
interface Guards {
  /** `If-Match`: the version the person saw. */
  readonly version?: number | undefined;
  /** `Idempotency-Key`: from `newKey()`, made in the click; a retry reuses it, so one intention acts once. */
  readonly key?: string | undefined;
}

type Transport = (request: Request) => Promise<Response>;
const BROWSER: Transport = (request) => globalThis.fetch(request);

let transport: Transport = BROWSER;
let csrf: string | null = null;

/** Tests put a typed double here; nothing else calls it. */
export function replaceTransport(replacement: Transport | null): void {
  transport = replacement ?? BROWSER;
}

/** Remembers the token that writing requests must carry; null after signing out. */
export function rememberCsrf(token: string | null): void {
  csrf = token;
}

/** What a request outside this client (the resumable upload) must carry to be accepted. */
export function csrfHeaders(): Record<string, string> {
  return csrf === null ? {} : { "X-CSRF-Token": csrf };
}

function addressOf(path: string, at: Readonly<Record<string, string>>, query: object): URL {
  const filled = path.replace(/\{(\w+)\}/g, (_braces, name: string) => encodeURIComponent(at[name] ?? ""));
  const url = new URL(filled, globalThis.location.origin);
  for (const [name, value] of Object.entries(query) as [string, unknown][])
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      url.searchParams.set(name, String(value));
  return url;
}

function headersOf(method: Method, { version, key }: Guards, hasBody: boolean): Headers {
  const headers = new Headers({
    Accept: "application/json, */*;q=0.5",
    "Accept-Language": document.documentElement.lang || "zh-CN",
  });
  if (hasBody) headers.set("Content-Type", "application/json");
  if (version !== undefined) headers.set("If-Match", `"${String(version)}"`);
  if (key !== undefined) headers.set("Idempotency-Key", key);
  if (method !== "get") for (const [name, value] of Object.entries(csrfHeaders())) headers.set(name, value);
  return headers;
}

type Init = Common & Guards & { readonly query?: object; readonly body?: unknown };

function requestOf(method: Method, path: string, init: Init): Request {
  const hasBody = init.body !== undefined;
  return new Request(addressOf(path, init.at ?? {}, init.query ?? {}), {
    method: method.toUpperCase(),
    headers: headersOf(method, init, hasBody),
    credentials: "same-origin",
    ...(hasBody ? { body: JSON.stringify(init.body) } : {}),
    ...(init.signal === undefined ? {} : { signal: init.signal }),
  });
}

/** The answer of the hub when it agreed. */
async function reach(method: Method, path: string, init: Init): Promise<Response> {
  const response = await transport(requestOf(method, path, init)).catch((cause: unknown) => {
    // An abort stays what it is: the query cache knows it.
    throw cause instanceof DOMException && cause.name === "AbortError" ? cause : new LineDown();
  });
  if (!response.ok) throw problemFrom(response.status, await response.json().catch(() => null));
  return response;
}

async function send(method: Method, path: string, init: Init): Promise<unknown> {
  const response = await reach(method, path, init);
  return response.json().catch(() => null) as Promise<unknown>;
}

/** What is no JSON: samples, pixels. */
export async function getBytes(path: PathOf<"get">, init: Common = {}): Promise<ArrayBuffer> {
  const response = await reach("get", path, init);
  return response.arrayBuffer();
}

/** A body that goes on: the event stream, from after `lastEventId` on. */
export async function getStream(
  path: string,
  { lastEventId, signal }: { lastEventId: string | null; signal: AbortSignal },
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const headers = { Accept: "text/event-stream", ...(lastEventId === null ? {} : { "Last-Event-ID": lastEventId }) };
  const request = new Request(addressOf(path, {}, {}), {
    headers,
    credentials: "same-origin",
    cache: "no-store",
    signal,
  });
  const response = await transport(request).catch(() => {
    throw new LineDown();
  });
  if (!response.ok) throw problemFrom(response.status, await response.json().catch(() => null));
  if (response.body === null) throw new LineDown();
  return response.body;
}

/** Throws `Problem` when the hub refused, `LineDown` when it was not reached; so do all of these. */
export function get<P extends PathOf<"get">>(
  path: P,
  init: Common & { readonly query?: QueryOf<Operation<P, "get">> } = {},
) {
  return send("get", path, init as Common & { query?: object }) as Promise<SentOf<Operation<P, "get">>>;
}

export function post<P extends PathOf<"post">>(
  path: P,
  init: Common & Guards & { readonly body: BodyOf<Operation<P, "post">> },
) {
  return send("post", path, init) as Promise<SentOf<Operation<P, "post">>>;
}

export function put<P extends PathOf<"put">>(
  path: P,
  init: Common & Guards & { readonly body: BodyOf<Operation<P, "put">> },
) {
  return send("put", path, init) as Promise<SentOf<Operation<P, "put">>>;
}

export async function remove(path: PathOf<"delete">, init: Common & Guards = {}): Promise<void> {
  await send("delete", path, init);
}

/** What every life-cycle command carries: whom it moves, what the person saw, and the intention's own key. */
export interface Act {
  readonly id: string;
  readonly version?: number;
  readonly key: string;
}

export type CommandPath = Extract<PathOf<"post">, `${string}/{id}/${string}` | `${string}/{uid}/${string}`>;

/** Sends a life-cycle command; the answer is the resource after it. */
export function act<P extends CommandPath>(path: P, { id, version, key, ...body }: Act & object) {
  return send("post", path, { at: { id, uid: id }, version, key, body }) as Promise<SentOf<Operation<P, "post">>>;
}

/** A key for one intention. `randomUUID` exists only on HTTPS and localhost, clinics reach the hub by address too. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export interface Pong {
  readonly roundTripMs: number;
  /** The hub's time, RFC 3339. */
  readonly now: string | null;
}

/** Asks the hub whether it is there; null when it is not. */
export async function ping(clock: () => number): Promise<Pong | null> {
  const started = clock();
  try {
    const request = new Request(addressOf("/healthz", {}, {}), { cache: "no-store" });
    const response = await transport(request);
    const roundTripMs = Math.round(clock() - started);
    if (!response.ok) return null;
    const body = (await response.json().catch(() => ({}))) as { readonly now?: unknown };
    return { roundTripMs, now: typeof body.now === "string" ? body.now : null };
  } catch {
    // Unreachable is the answer here, not an error.
    return null;
  }
}
