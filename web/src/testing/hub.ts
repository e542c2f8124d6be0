/** A hub for tests: answers prepared by method and path, every request kept for the test to read. */
import { replaceTransport } from "../api/client.ts";

export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: unknown;
}

type Answer = (heard: Heard) => Response | Promise<Response>;

type Answering = (heard: Heard) => object | null;
type Body = object | null | Answering;

function isAnswering(body: Body): body is Answering {
  return typeof body === "function";
}

export interface FakeHub {
  /** The same JSON for every such request; a function decides by what was asked. `{id}` in a path matches anything. */
  readonly answer: (method: string, path: string, body: Body) => FakeHub;
  readonly refuse: (method: string, path: string, status: number, code: string, more?: object) => FakeHub;
  /** The line is down: every request fails. */
  readonly cut: () => void;
  readonly mend: () => void;
  readonly heard: readonly Heard[];
}

function json(body: object | null, status = 200, type = "application/json"): Response {
  return new Response(body === null ? null : JSON.stringify(body), {
    status: body === null ? 204 : status,
    headers: { "Content-Type": type },
  });
}

function matcher(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`);
}

async function hear(request: Request): Promise<Heard> {
  const url = new URL(request.url);
  const text = await request.text();
  const body: unknown = text === "" ? null : JSON.parse(text);
  return { method: request.method, path: url.pathname, query: url.searchParams, headers: request.headers, body };
}

/** Takes the place of the network at once. Later answers for the same request win over earlier ones. */
export function fakeHub(): FakeHub {
  const answers: { readonly method: string; readonly path: RegExp; readonly answer: Answer }[] = [];
  const heard: Heard[] = [];
  let down = false;
  const put = (method: string, path: string, answer: Answer) => {
    answers.unshift({ method, path: matcher(path), answer });
    return hub;
  };
  const hub: FakeHub = {
    heard,
    answer: (method, path, body) => put(method, path, (it) => json(isAnswering(body) ? body(it) : body)),
    refuse: (method, path, status, code, more = {}) =>
      put(method, path, () => json({ status, code, ...more }, status, "application/problem+json")),
    cut: () => {
      down = true;
    },
    mend: () => {
      down = false;
    },
  };
  replaceTransport(async (request) => {
    if (down) throw new TypeError("Failed to fetch");
    const it = await hear(request);
    heard.push(it);
    const found = answers.find(({ method, path }) => method === it.method && path.test(it.path));
    if (found === undefined) throw new Error(`No answer prepared for ${it.method} ${it.path}`);
    return found.answer(it);
  });
  return hub.answer("GET", "/healthz", {});
}
