/** The device check: whatever is allowed late, twice or after she went on stays nobody's open microphone. */
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { asked, askingBrowser, question, settled } from "../../testing/questions.ts";
import { useCheck } from "./useCheck.ts";

beforeEach(() => {
  askingBrowser();
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("{}")));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

async function grant(at: number) {
  return act(async () => {
    const track = question(at).grant();
    await settled();
    return track;
  });
}

async function checked() {
  const view = renderHook(useCheck);
  const microphone = await grant(0);
  const camera = await grant(1);
  return { ...view, microphone, camera };
}

test("another camera takes the place of the first, whichever is allowed first", async () => {
  const { result, camera } = await checked();
  act(() => {
    result.current.choose("camera", "second");
    result.current.choose("camera", "third");
  });
  expect(camera.readyState).toBe("ended");
  const third = await grant(3);
  const second = await grant(2);
  expect([second.readyState, third.readyState]).toEqual(["ended", "live"]);
  expect(result.current.camera?.track).toBe(third);
});

test("a camera that is allowed after she went on without it is let go", async () => {
  const { result, unmount, microphone } = await checked();
  act(() => {
    result.current.again("camera");
  });
  expect(result.current.take(false).microphone).toBe(microphone);
  unmount();
  const late = await grant(2);
  expect([late.readyState, microphone.readyState]).toEqual(["ended", "live"]);
});

test("whoever leaves before the first answer is asked nothing more", async () => {
  const { unmount } = renderHook(useCheck);
  unmount();
  const late = await grant(0);
  expect([late.readyState, asked()]).toEqual(["ended", 1]);
});
