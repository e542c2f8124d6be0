/** How long, and in which room, a reload comes straight back. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetInside, keepInside, wasInside } from "./inside.ts";

const MUTED = { consult: "c-1", microphone: false, camera: true, chosen: { camera: "second" } };

beforeEach(() => {
  sessionStorage.clear();
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a moment later it is known what was on, and in this room only", () => {
  keepInside(MUTED);
  vi.advanceTimersByTime(59_000);
  expect(wasInside("c-1")).toMatchObject(MUTED);
  expect(wasInside("c-2")).toBeNull();
  forgetInside();
  expect(wasInside("c-1")).toBeNull();
});

test("when the seat is given away the devices are tried anew", () => {
  keepInside(MUTED);
  vi.advanceTimersByTime(61_000);
  expect(wasInside("c-1")).toBeNull();
});

test("what another version kept is nobody's seat", () => {
  sessionStorage.setItem("lutong.inside", "c-1");
  expect(wasInside("c-1")).toBeNull();
  sessionStorage.setItem("lutong.inside", JSON.stringify({ ...MUTED, at: undefined }));
  expect(wasInside("c-1")).toBeNull();
});

test("a browser that keeps nothing asks for the devices", () => {
  vi.stubGlobal("sessionStorage", undefined);
  keepInside(MUTED);
  expect(wasInside("c-1")).toBeNull();
  forgetInside();
  vi.unstubAllGlobals();
});
