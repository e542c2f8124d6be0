/** What a visit may say: the same refusals as the hub's, before anything leaves the device. */
import { expect, test } from "vitest";
import { aFollowUp } from "../../testing/referrals.ts";
import { begin, bodyOf, faultOf, isUrgent, type Figure, type Visit } from "./form.ts";

const TODAY = "2026-12-30";
const LIMITS = aFollowUp({
  urgent_from: { systolic: 180, diastolic: 110 },
  urgent_from_pregnant: { systolic: 140, diastolic: 90 },
});

function visit(figures: Partial<Record<Figure, string>>, more: Partial<Visit> = {}): Visit {
  const empty = begin(TODAY, "home");
  return { ...empty, ...more, figures: { ...empty.figures, ...figures } };
}

test("80/140 is upside down", () => {
  expect(faultOf(visit({ systolic: "80", diastolic: "140" }), TODAY)).toEqual({ code: "BP_ORDER" });
  expect(faultOf(visit({ systolic: "140", diastolic: "80" }), TODAY)).toBeNull();
});

test("a visit dated tomorrow is refused, one of yesterday is not", () => {
  const pressure = { systolic: "140", diastolic: "80" };
  expect(faultOf(visit(pressure, { on: "2026-12-31" }), TODAY)).toEqual({ code: "FUTURE" });
  expect(faultOf(visit(pressure, { on: "2026-12-29" }), TODAY)).toBeNull();
});

test("a number of another unit names the unit that is likely meant", () => {
  const fault = faultOf(visit({ systolic: "132", diastolic: "82", glucose: "160" }), TODAY);
  expect(fault).toMatchObject({ code: "RANGE", figure: "glucose", meant: { unit: "mg/dL", value: "8.9" } });
  const kilopascal = faultOf(visit({ systolic: "18", diastolic: "12" }), TODAY);
  expect(kilopascal).toMatchObject({ code: "RANGE", figure: "systolic", meant: { unit: "kPa", value: "135" } });
  expect(faultOf(visit({ systolic: "132", diastolic: "82", weight: "700" }), TODAY)).toMatchObject({ meant: null });
});

test("a visit at home measures the pressure, a call need not", () => {
  expect(faultOf(visit({}), TODAY)).toEqual({ code: "BP_NEEDED" });
  expect(faultOf(visit({ systolic: "140" }), TODAY)).toEqual({ code: "BP_HALF" });
  expect(faultOf(visit({}, { mode: "phone" }), TODAY)).toBeNull();
});

test.each([
  ["180", "90", true],
  ["150", "110", true],
  ["179", "109", false],
])("%s/%s is urgent: %s", (systolic, diastolic, urgent) => {
  expect(isUrgent(visit({ systolic, diastolic }), LIMITS)).toBe(urgent);
});

test("what is high is the rule's to say: another row, another limit", () => {
  const stricter = { ...LIMITS, urgent_from: { systolic: 170, diastolic: 105 } };
  expect(isUrgent(visit({ systolic: "171", diastolic: "90" }), stricter)).toBe(true);
  expect(isUrgent(visit({ systolic: "171", diastolic: "90" }), LIMITS)).toBe(false);
});

test("in pregnancy 140 or 90 is urgent, and a sign of danger is urgent whatever the numbers", () => {
  expect(isUrgent(visit({ systolic: "141", diastolic: "80" }, { pregnant: true }), LIMITS)).toBe(true);
  expect(isUrgent(visit({ systolic: "120", diastolic: "80" }, { dangers: ["chest-pain"] }), LIMITS)).toBe(true);
});

test("what nobody measured is sent as nothing, not as zero", () => {
  expect(bodyOf(visit({ systolic: "132", diastolic: "82" }))).toMatchObject({ systolic: 132, glucose: null });
});
