import { expect, test } from "vitest";
import { dueState, redrawEvery, spanOf } from "./dueState.ts";

const LIMIT = { due_at: "2026-11-23T00:32:00Z", limit_minutes: 15 };
const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);

test("time runs from ample through near to over, and counts up after that", () => {
  expect(dueState(LIMIT, at("00:20:00"))).toEqual({ at: "ample", leftMs: 720_000, share: 0.8 });
  expect(dueState(LIMIT, at("00:28:15"))).toEqual({ at: "due", leftMs: 225_000, share: 0.25 });
  expect(dueState(LIMIT, at("00:34:12"))).toEqual({ at: "over", overMs: 132_000 });
});

test("a quarter of the limit is where near begins", () => {
  expect(dueState(LIMIT, at("00:28:14")).at).toBe("ample");
  expect(dueState(LIMIT, at("00:28:15")).at).toBe("due");
});

test("a pause freezes what was left", () => {
  const paused = { ...LIMIT, paused_at: "2026-11-23T00:24:08Z" };
  expect(dueState(paused, at("05:00:00"))).toEqual({ at: "paused", leftMs: 472_000 });
});

test("without a due time the clock has not begun", () => {
  expect(dueState({ due_at: null, limit_minutes: 60 }, 0)).toEqual({ at: "not-started" });
});

test("what is done says in time or late", () => {
  expect(dueState({ ...LIMIT, done_at: "2026-11-23T00:29:00Z" }, 0)).toEqual({
    at: "done",
    inTime: true,
    spanMs: 720_000,
  });
  expect(dueState({ ...LIMIT, done_at: "2026-11-23T00:40:00Z" }, 0)).toEqual({
    at: "done",
    inTime: false,
    spanMs: 480_000,
  });
});

test("digits under an hour, hours under a day, days beyond", () => {
  expect(spanOf(378_000)).toEqual({ unit: "digits", text: "06:18" });
  expect(spanOf(3_960_000)).toEqual({ unit: "hours", hours: 1, minutes: 6 });
  expect(spanOf(200_000_000)).toEqual({ unit: "days", days: 2 });
});

test("it redraws each second only under an hour, and not at all when it stands", () => {
  expect(redrawEvery({ at: "ample", leftMs: 3_599_000, share: 1 })).toBe(1_000);
  expect(redrawEvery({ at: "ample", leftMs: 3_600_000, share: 1 })).toBe(30_000);
  expect(redrawEvery({ at: "paused", leftMs: 1 })).toBeNull();
});
