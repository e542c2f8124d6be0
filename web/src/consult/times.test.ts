/** Times that a whole panel has, in the county's days. */
import { expect, test } from "vitest";
import { byDay, dayAfter, hoursOf, shared, typed } from "./times.ts";

const at = (expert: string, hour: string, until = "30") => ({
  expert: { id: expert, name: expert },
  begins_at: `2026-11-23T${hour}:00:00Z`,
  ends_at: `2026-11-23T${hour}:${until}:00Z`,
});

test("a time is offered only if every expert of the panel has it, from its beginning to its end", () => {
  const open = [at("zhaoning", "01"), at("zhaoning", "02"), at("guoheng", "02"), at("guoheng", "03"), at("x", "01")];
  expect(shared(["zhaoning", "guoheng"], open)).toEqual([
    { begins_at: "2026-11-23T02:00:00Z", ends_at: "2026-11-23T02:30:00Z" },
  ]);
  expect(shared(["zhaoning", "guoheng"], [at("zhaoning", "02"), at("guoheng", "02", "45")])).toEqual([]);
  expect(shared(["zhaoning"], open)).toHaveLength(2);
});

test("times stand under the county's day, the next first", () => {
  const late = { begins_at: "2026-11-23T16:30:00Z", ends_at: "2026-11-23T17:00:00Z" };
  const days = byDay([late, at("a", "02"), at("a", "01")]);
  expect(days.map(({ date, spans }) => [date, spans.map(hoursOf)])).toEqual([
    ["2026-11-23", ["09:00–09:30", "10:00–10:30"]],
    ["2026-11-24", ["00:30–01:00"]],
  ]);
});

test("what is typed is a time of the county, and half a time is none", () => {
  expect(typed("2026-11-23T15:00", 45)).toEqual({
    begins_at: "2026-11-23T07:00:00.000Z",
    ends_at: "2026-11-23T07:45:00.000Z",
  });
  expect(typed("", 30)).toBeNull();
});

test("the day after the last of a month is the first of the next", () => {
  expect([dayAfter("2026-11-30", 1), dayAfter("2026-11-01", -1)]).toEqual(["2026-12-01", "2026-10-31"]);
});
