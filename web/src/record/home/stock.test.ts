/** Taking a patient over means that what he needs is there. */
import { expect, test } from "vitest";
import { checkedOf } from "./stock.ts";

const PLAN = { medicines: ["阿司匹林 100 mg", "替格瑞洛 90 mg"], equipment: ["心电图机"] };

test("nothing is there until somebody says so", () => {
  const checked = checkedOf(PLAN, {});
  expect(checked.medicines).toBe(false);
  expect(checked.unanswered).toEqual(["阿司匹林 100 mg", "替格瑞洛 90 mg", "心电图机"]);
});

test("what the county delivers counts as there, what is missing is named", () => {
  const stock = { "阿司匹林 100 mg": "here", "替格瑞洛 90 mg": "delivered", 心电图机: "missing" } as const;
  expect(checkedOf(PLAN, stock)).toEqual({ medicines: true, equipment: false, unanswered: [], missing: ["心电图机"] });
});

test("a plan without devices needs none", () => {
  expect(checkedOf({ medicines: [], equipment: [] }, {})).toMatchObject({ medicines: true, equipment: true });
});
