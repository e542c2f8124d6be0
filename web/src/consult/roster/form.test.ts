/** Hours as people say them, and experts under their houses. */
import { expect, test } from "vitest";
import { anExpert } from "../../testing/consults.ts";
import { byHours, byHouse, isSound } from "./form.ts";

test("the same hours of several days are said once, in the order of the week", () => {
  const at = (weekday: number, opens: string, closes: string) => ({ weekday, opens, closes });
  expect(byHours([at(3, "08:30", "11:30"), at(1, "08:30", "11:30"), at(1, "15:00", "17:00")])).toEqual([
    { hours: "08:30–11:30", weekdays: ["mon", "wed"] },
    { hours: "15:00–17:00", weekdays: ["mon"] },
  ]);
});

test("hours end after they begin", () => {
  expect(isSound({ weekday: 1, opens: "08:00", closes: "10:00" })).toBe(true);
  expect(isSound({ weekday: 1, opens: "10:00", closes: "10:00" })).toBe(false);
});

test("experts stand under their houses", () => {
  const there = anExpert({ id: "shizhuan", organization: { id: "M01", name: "市中心医院" } });
  expect(
    byHouse([anExpert(), there, anExpert({ id: "guoheng" })]).map(({ id, experts }) => [id, experts.length]),
  ).toEqual([
    ["C01", 2],
    ["M01", 1],
  ]);
});
