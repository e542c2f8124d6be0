/** What jsdom lacks, our texts, and a clean page after every test. A request nobody expected fails the test. */
import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach } from "vitest";
import { rememberCsrf, replaceTransport } from "../api/client.ts";
import { startI18n } from "../i18n/init.ts";

class NothingObserved {
  readonly observe = () => undefined;
  readonly unobserve = () => undefined;
  readonly disconnect = () => undefined;
}

class NoEvents extends EventTarget {
  static readonly CLOSED = 2;
  readonly readyState = 1;
  readonly close = () => undefined;
}

function noMatch(query: string) {
  return Object.assign(new EventTarget(), { matches: query.includes("min-width"), media: query, onchange: null });
}

Object.defineProperty(globalThis, "matchMedia", { configurable: true, writable: true, value: noMatch });
Object.defineProperty(globalThis, "ResizeObserver", { writable: true, value: NothingObserved });
Object.defineProperty(globalThis, "EventSource", { writable: true, value: NoEvents });
Element.prototype.scrollIntoView = () => undefined;

beforeAll(async () => {
  await startI18n({ strict: true });
});

beforeEach(() => {
  replaceTransport((request) => {
    throw new Error(`No answer prepared for ${request.method} ${request.url}`);
  });
});

afterEach(() => {
  cleanup();
  localStorage.clear();
  rememberCsrf(null);
  replaceTransport(null);
});
