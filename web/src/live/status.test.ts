/** What waits goes on being sent behind another page: the doctor telephones with the same device. */
import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, it, vi } from "vitest";
import { LineDown } from "../api/problems.ts";
import { untilHeard } from "../api/retry.ts";
import { fakeHub } from "../testing/hub.ts";
import { watchLine } from "./status.ts";

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
