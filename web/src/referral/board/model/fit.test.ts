import { expect, test } from "vitest";
import { aBed, aReferral, aTicketPatient } from "../../../testing/referrals.ts";
import { fitting, misfitOf } from "./fit.ts";

const NEEDS = { department: "呼吸", isolation: false, icu: false, devices: [] };
const TICKET = aReferral({ needs: NEEDS });

test.each([
  ["a free bed of the department fits", {}, null],
  ["somebody lies in it", { state: "occupied" }, "state"],
  ["it is held", { state: "held" }, "state"],
  ["it belongs to another department", { department: "骨科" }, "department"],
  ["it is for women", { sex: "female" }, "sex"],
  ["a bay is not held for anybody", { kind: "bay" }, "bay"],
  ["it is another house's", { organization_id: "T01" }, "house"],
] as const)("%s", (_why, bed, rule) => {
  expect(misfitOf(TICKET, aBed(bed))).toBe(rule);
});

test("what the patient needs the bed must have", () => {
  const ill = aReferral({ needs: { ...NEEDS, isolation: true, icu: true, devices: ["ventilator"] } });
  expect(misfitOf(ill, aBed())).toBe("isolation");
  expect(misfitOf(ill, aBed({ isolation: true }))).toBe("monitor");
  expect(misfitOf(ill, aBed({ isolation: true, monitored: true }))).toBe("devices");
  expect(misfitOf(ill, aBed({ isolation: true, monitored: true, devices: ["ventilator"] }))).toBeNull();
});

test("an unknown sex is kept out of beds for one sex", () => {
  const unknown = aReferral({ needs: NEEDS, patient: aTicketPatient({ sex: "unknown" }) });
  expect(misfitOf(unknown, aBed({ sex: "male" }))).toBe("sex");
  expect(misfitOf(unknown, aBed())).toBeNull();
});

test("the rule's choice stands first, a reserved bed behind one for everybody", () => {
  const reserved = aBed({ id: "r", pool: "reserved" });
  const plain = aBed({ id: "p" });
  const chosen = aBed({ id: "c" });
  expect(fitting(TICKET, [reserved, plain, chosen], "c").map(({ id }) => id)).toEqual(["c", "p", "r"]);
});
