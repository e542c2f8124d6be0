/** Pictures one after another: what did not come is fetched again for a reason, or after a pause. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Latest, type Failure } from "./latest.ts";

let made: HTMLImageElement[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  made = [];
  class FakePicture {
    naturalWidth = 512;
    naturalHeight = 512;
    constructor() {
      made.push(this as unknown as HTMLImageElement);
    }
  }
  vi.stubGlobal("Image", FakePicture);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const of = (address: string, failure: Failure = "passing") => ({ address, why: () => Promise.resolve(failure) });
const sources = () => made.map(({ src }) => src);

async function fails() {
  made.at(-1)?.onerror?.("");
  await vi.advanceTimersByTimeAsync(0);
}

test("a passing failure is tried again ever more seldom, and by nobody once nobody looks", async () => {
  const latest = new Latest();
  const leave = latest.subscribe(() => undefined);
  latest.want(of("/a"));
  await fails();
  expect(latest.now().failure).toBe("passing");
  latest.want(of("/a"));
  expect(made).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sources()).toEqual(["/a", "/a"]);
  await fails();
  await vi.advanceTimersByTimeAsync(1_500);
  expect(made).toHaveLength(2);
  leave();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(made).toHaveLength(2);
});

test("a withheld picture is fetched again only when it is wanted anew, be it while the refusal is on its way", async () => {
  const latest = new Latest();
  latest.subscribe(() => undefined);
  latest.want(of("/a", "withheld"));
  await fails();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(made).toHaveLength(1);
  latest.want(of("/a", "withheld"));
  latest.want(of("/a", "withheld"));
  await fails();
  expect(made).toHaveLength(3);
  made.at(-1)?.onload?.(new Event("load"));
  latest.want(of("/a"));
  expect([latest.now().address, made.length]).toEqual(["/a", 3]);
});

test("a slice that was turned away is no failure of the one that is wanted", async () => {
  const latest = new Latest();
  latest.subscribe(() => undefined);
  latest.want(of("/a"));
  latest.want(of("/b"));
  await fails();
  expect([latest.now().failure, sources()]).toEqual([null, ["/a", "/b"]]);
});
