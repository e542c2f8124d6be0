/** Where a ticket is, as the township's desk follows it. */
import i18next from "i18next";
import { expect, test } from "vitest";
import type { Referral } from "../../api/types.ts";
import { aReferral } from "../../testing/referrals.ts";
import { ticketSteps } from "./ticketSteps.ts";

const SENT = "2026-11-23T00:33:00Z";
const HELD = { kind: "bed", bed_id: "C01.CCU-03", label: "CCU-03", phone: "8888 0151", hold_id: "h-1", from: SENT, expires_at: "2026-11-23T02:57:00Z" }; // prettier-ignore

const at = (of: Partial<Referral>) => ticketSteps(aReferral(of), i18next.getFixedT("zh-CN"));
const shape = (of: Partial<Referral>) => at(of).map((step) => step.at);

test("a green ticket with a bed waits for its departure", () => {
  const green: Partial<Referral> = { state: "bed-held", place: HELD, timeline: { sent: SENT, accepted: SENT } };
  expect(shape(green)).toEqual(["done", "done", "done", "now", "ahead", "ahead"]);
  expect(at(green)[2]).toMatchObject({ who: "CCU-03", time: SENT });
});

test("a ticket that was asked about turns back to the sender, with the question", () => {
  const asked: Partial<Referral> = { state: "info-needed", question: "请补心电图", timeline: { sent: SENT } };
  expect(at(asked)[1]).toMatchObject({ at: "returned", who: "请补心电图" });
});

test("who arrived without a bed has gone past it", () => {
  const there: Partial<Referral> = { state: "arrived", place: null, timeline: { sent: SENT, arrived: SENT } };
  expect(shape(there)).toEqual(["done", "done", "done", "done", "done", "now"]);
});
