import { expect, test } from "vitest";
import { aBed, aBoard } from "../../../testing/referrals.ts";
import { arrange, countsOf, filtersFrom, squaresOf, widthOf, withFilters } from "./board.ts";

const NONE = filtersFrom(new URLSearchParams());
const WARD = aBoard([]).wards[0];
if (WARD === undefined) throw new Error("the builder has a ward");
const BAYS = { ...WARD, id: "C01-ED", name: "急诊" };

test("a filter keeps what it names, and a bed for both sexes takes either", () => {
  const beds = [aBed({ id: "a", sex: "female" }), aBed({ id: "b" }), aBed({ id: "c", sex: "male", isolation: true })];
  const shown = (changed: object) =>
    arrange([aBoard(beds)], beds, { ...NONE, ...changed }).flatMap((ward) => ward.shown.map(({ id }) => id));
  expect(shown({})).toEqual(["a", "b", "c"]);
  expect(shown({ takes: "male" })).toEqual(["b", "c"]);
  expect(shown({ isolation: true })).toEqual(["c"]);
  expect(shown({ ventilator: true })).toEqual([]);
});

test("the emergency's bays stand before every ward, whatever the hub's order", () => {
  const beds = [aBed(), aBed({ id: "bay", ward_id: BAYS.id, kind: "bay" })];
  const page = { ...aBoard(beds), wards: [WARD, BAYS] };
  expect(arrange([page], beds, NONE).map(({ ward }) => ward.name)).toEqual(["急诊", "呼吸内科"]);
});

test("counts are of beds as they stand, every state named", () => {
  expect(countsOf([aBed(), aBed({ state: "to-clean" })])).toEqual({
    available: 1,
    held: 0,
    occupied: 0,
    "to-clean": 1,
    blocked: 0,
  });
});

test("every reserved bed has a square, those neither used nor free too", () => {
  const quota = { total: 312, wanted: 16, reserved: 5, free: 1, held: 1, occupied: 2, debt: 0, gap: 0 };
  expect(squaresOf(quota)).toEqual(["used", "used", "held", "free", "out"]);
});

test("filters live in the address and leave it when they are empty", () => {
  const search = withFilters(new URLSearchParams("org=T01"), { org: "", takes: "male", isolation: true });
  expect(search.toString()).toBe("takes=male&isolation=1");
  expect(filtersFrom(search)).toEqual({ ...NONE, takes: "male", isolation: true });
});

test("a small ward shares its row, and so does a large one of which filters leave little", () => {
  const beds = (count: number) => Array.from({ length: count }, () => aBed());
  expect([3, 5, 6].map((count) => widthOf({ all: beds(count), shown: beds(count) }))).toEqual(["s3", "s5", "s8"]);
  expect(widthOf({ all: beds(16), shown: beds(2) })).toBe("s4");
  expect(widthOf({ all: beds(16), shown: beds(7) })).toBe("s8");
});
