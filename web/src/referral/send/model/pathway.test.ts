/** Which department a pathway brings, of the place to which the patient goes. */
import { expect, test } from "vitest";
import { aSuggestion } from "../../../testing/refer.ts";
import { departmentOf, offeredBy } from "./pathway.ts";

const at = (here: readonly string[], anywhere = here) => ({ here, anywhere });

test("a pathway brings its department, the first that the place has", () => {
  expect(departmentOf("stroke", at(["神内", "急诊"]))).toBe("神内");
  expect(departmentOf("stroke", at(["神内", "急诊"], ["急诊", "卒中", "神内"]))).toBe("神内");
  expect(departmentOf("stroke", at(["全科"], ["全科", "卒中"]))).toBe("卒中");
  expect(departmentOf("chest-pain", at([]))).toBe("CCU");
});

test("the department follows the place: the best that is offered, then the one that somebody chose", () => {
  const stroke = { organization_id: "M01", names: ["卒中", "神内"] };
  const suggestion = aSuggestion({ departments: [{ organization_id: "C01", names: ["神内"] }, stroke] });
  expect(offeredBy(suggestion, null)).toEqual({ here: ["神内"], anywhere: ["卒中", "神内"] });
  expect(offeredBy(suggestion, "M01").here).toEqual(stroke.names);
  expect(offeredBy(undefined, null)).toEqual({ here: [], anywhere: [] });
});
