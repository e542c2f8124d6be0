import { expect, test } from "vitest";
import { aBoard, aReferral } from "../../../testing/referrals.ts";
import { freeOf, pagesOf, rowsOf } from "./model.ts";

test("a row carries a number's four digits and nothing about whom", () => {
  const [row] = rowsOf([aReferral({ number: "R-2611-0387-T" })], "C01");
  expect(row?.tail).toBe("0387");
  expect(JSON.stringify(row)).not.toMatch(/马建国|9901|肺炎/);
});

test("the most urgent stand first, then who is due first; others' tickets and ways home do not stand there", () => {
  const rows = rowsOf(
    [
      aReferral({ id: "c", triage_level: 3, deadline_at: "2026-11-23T03:00:00Z" }),
      aReferral({ id: "b", triage_level: 3, deadline_at: "2026-11-23T02:00:00Z" }),
      aReferral({ id: "a", triage_level: 1, state: "en-route", deadline_at: "2026-11-23T04:00:00Z" }),
      aReferral({ id: "home", direction: "down" }),
      aReferral({ id: "elsewhere", to: { id: "M01", name: "市中心医院", phone: "" } }),
      aReferral({ id: "over", state: "closed" }),
    ],
    "C01",
  );
  expect(rows.map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("who is on the road is expected when the ambulance is, not when a deadline is", () => {
  const moving = aReferral({ state: "en-route", expected_arrival_at: "2026-11-23T01:15:00Z" });
  const [row] = rowsOf([moving], "C01");
  expect([row?.until, row?.awaited]).toEqual(["2026-11-23T01:15:00Z", "patient"]);
});

test("the green channel stands on every screen, the others take turns, and nobody is left out", () => {
  const levels = [1, 2, 3, 3, 3, 4, 4];
  const tickets = levels.map((triage_level, at) =>
    aReferral({ id: String(at), triage_level, number: `R-2611-000${String(at)}` }),
  );
  const pages = pagesOf(rowsOf(tickets, "C01"), 4).map((page) => page.map(({ id }) => id));
  expect(pages).toEqual([
    ["0", "1", "2", "3"],
    ["0", "1", "4", "5"],
    ["0", "1", "6"],
  ]);
  expect(pagesOf([], 4)).toEqual([]);
});

test("many urgent ones leave room for two others at a time", () => {
  const tickets = [1, 1, 1, 1, 3].map((triage_level, at) => aReferral({ id: String(at), triage_level }));
  const pages = pagesOf(rowsOf(tickets, "C01"), 4).map((page) => page.map(({ id }) => id));
  expect(pages).toEqual([
    ["0", "1", "2", "3"],
    ["0", "1", "4"],
  ]);
});

test("emergency and intensive care show their number even at zero", () => {
  const [ward] = aBoard([]).wards;
  if (ward === undefined) throw new Error("the builder has a ward");
  const of = (department: string, available: number) => ({ ...ward, department, counts: { available } });
  const wards = [of("骨科", 4), of("ICU", 0), of("心内", 2), of("急诊", 1)];
  expect(freeOf(wards, 3)).toEqual([
    ["急诊", 1],
    ["ICU", 0],
    ["骨科", 4],
  ]);
});
