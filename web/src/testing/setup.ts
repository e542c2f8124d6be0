/** What jsdom lacks, our texts, and a clean page after every test. A request nobody expected fails the test. */
import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach } from "vitest";
import { rememberCsrf, replaceTransport } from "../api/client.ts";
import { startI18n, withLateWords } from "../i18n/init.ts";
import { onScreen } from "./screen.ts";

class NothingObserved {
  readonly observe = () => undefined;
  readonly unobserve = () => undefined;
  readonly disconnect = () => undefined;
}

Object.defineProperty(globalThis, "ResizeObserver", { writable: true, value: NothingObserved });
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.setPointerCapture = () => undefined;

beforeAll(async () => {
  await startI18n({ strict: true });
  await withLateWords(Promise.resolve());
});

beforeEach(() => {
  onScreen("desk");
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
