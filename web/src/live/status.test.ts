/** The line as a page knows it, and what waits for it: sent behind another page too, where a doctor telephones. */
import { QueryClient } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { LineDown } from "../api/problems.ts";
import { untilHeard } from "../api/retry.ts";
import { fakeHub } from "../testing/hub.ts";
import { useLine, watchLine } from "./status.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it("sends what waits although nobody looks at the page", async () => {
  vi.useFakeTimers();
  fakeHub();
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  const stop = watchLine();
  const cache = new QueryClient();
  cache.mount();
  let tries = 0;
  const sending = cache
    .getMutationCache()
    .build(cache, {
      mutationFn: () => {
        tries += 1;
        return tries < 3 ? Promise.reject(new LineDown()) : Promise.resolve("sent");
      },
      ...untilHeard,
    })
    .execute(undefined);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(tries).toBe(3);
  await expect(sending).resolves.toBe("sent");
  stop();
  cache.unmount();
});

it("says that it is reconnecting as soon as the hub is not reached", async () => {
  vi.useFakeTimers();
  const hub = fakeHub();
  const stop = watchLine();
  const { result } = renderHook(() => useLine());
  await act(() => vi.advanceTimersByTimeAsync(10));
  expect(result.current.at).toBe("live");
  hub.cut();
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  expect(result.current.at).toBe("reconnecting");
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(result.current.at).toBe("down");
  hub.mend();
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  expect(result.current.at).toBe("live");
  stop();
});
