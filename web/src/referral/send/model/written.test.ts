/** What is written on a ticket, and what it becomes for the hub. */
import { expect, test } from "vitest";
import { aPrefill, aTarget } from "../../../testing/refer.ts";
import { aReferralDetail } from "../../../testing/referrals.ts";
import { lacksOf } from "./ready.ts";
import { begin, bodyOf, chosenOf, editOf, fromTicket, withDepartment, withPathway, type Written } from "./written.ts";

const written = (of: Partial<Written> = {}): Written => ({ ...begin(aPrefill(), "李兰"), ...of });

test("an emergency lacks little: level, department, place, one word of what it is", () => {
  expect(lacksOf(written(), null)).toEqual(["level", "department", "to", "diagnosis", "code", "reasonCode", "summary", "consent"]); // prettier-ignore
  const hurried = written({ level: 2, department: "CCU", diagnosis: "胸痛待查" });
  expect(lacksOf(hurried, aTarget())).toEqual([]);
  expect(lacksOf({ ...hurried, level: 3 }, aTarget())).toEqual(["code", "reasonCode", "summary", "consent"]);
});

const at = (here: readonly string[], anywhere = here) => ({ here, anywhere });

test("a touch that was faster than the line still goes to a department that the county has", () => {
  const touched = withPathway(written({ level: 2 }), "stroke", "卒中待查");
  expect(lacksOf(withDepartment(touched, at([]), true), aTarget())).toContain("department");
  expect(withDepartment(touched, at(["神内", "急诊"]), false).department).toBe("神内");
  expect(withDepartment(touched, at([]), false).department).toBe("卒中");
  const own = { ...touched, department: "急诊" };
  expect(withDepartment(own, at(["神内"]), false)).toBe(own);
});

test("a pathway suggests what is suspected, and changing it does not overwrite a person's words", () => {
  const first = withPathway(written({ level: 1 }), "chest-pain", "胸痛待查");
  expect([first.diagnosis, first.code]).toEqual(["胸痛待查", "R07.4"]);
  const other = withPathway(first, "stroke", "卒中待查");
  expect([other.diagnosis, other.code]).toEqual(["卒中待查", "I64"]);
  const own = withPathway({ ...first, diagnosis: "急性下壁心肌梗死", code: "I21.1" }, "stroke", "卒中待查");
  expect([own.diagnosis, own.code]).toEqual(["急性下壁心肌梗死", "I21.1"]);
});

test("the best place is taken until somebody chooses, and a hospital outside the network is none of them", () => {
  const places = [aTarget(), aTarget({ organization: { id: "M01", name: "市中心医院", phone: "" } })];
  expect(chosenOf(written(), places)?.organization.id).toBe("C01");
  expect(chosenOf(written({ to: "M01" }), places)?.organization.id).toBe("M01");
  expect(chosenOf(written({ outside: "省人民医院" }), places)).toBeNull();
});

test("nothing measured is no vital signs, not zeros", () => {
  expect(bodyOf(written({ level: 1 }), "p-1", aTarget()).vitals).toBeNull();
});

test("what a ticket carries comes back as it was when nothing is changed", () => {
  const ticket = aReferralDetail();
  const again = editOf(fromTicket(ticket));
  expect(again).toMatchObject({
    vitals: ticket.package?.vitals,
    medicines: ticket.package?.medicines,
    transport: { vehicle: "石门镇救护车 2 号", escort: "李兰" },
    consent: { given: true, by: "马建国", relation: "本人" },
    diagnosis: { code: "J18.9", name: "肺炎" },
    reason_code: "beyond-capability",
  });
});
