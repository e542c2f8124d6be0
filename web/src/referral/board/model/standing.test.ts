import { expect, test } from "vitest";
import { instant } from "../../../api/clock.ts";
import { aBedHold } from "../../../testing/beds.ts";
import { aBed } from "../../../testing/referrals.ts";
import { nextEnd, standing } from "./standing.ts";

const END = "2026-11-23T02:57:00Z";
const HELD = aBed({ state: "held", hold: aBedHold({ expires_at: END }) });

test("a hold keeps its bed until the instant of its end, and no longer", () => {
  expect(standing(HELD, instant(END) - 1)).toBe(HELD);
  const free = standing(HELD, instant(END));
  expect(free.state).toBe("available");
  expect(free.hold).toBeNull();
});

test("a bed that was never cleaned is dirty, not free, after a hold", () => {
  const dirty = { ...HELD, to_clean_since: "2026-11-23T01:00:00Z" };
  expect(standing(dirty, instant(END)).state).toBe("to-clean");
});

test("a block with an end ends by itself, one without does not", () => {
  const blocked = aBed({ state: "blocked", blocked_reason: "监护仪维修", blocked_until: END });
  expect(standing(blocked, instant(END)).blocked_reason).toBe("");
  const open = { ...blocked, blocked_until: null };
  expect(standing(open, instant("2027-01-01T00:00:00Z"))).toBe(open);
});

test("an occupied bed does not become free because somebody expected it to", () => {
  const occupied = aBed({ state: "occupied" });
  expect(standing(occupied, instant("2027-01-01T00:00:00Z"))).toBe(occupied);
});

test("the next end is the soonest that is still ahead", () => {
  const later = aBed({ state: "held", hold: aBedHold({ expires_at: "2026-11-23T04:00:00Z" }) });
  expect(nextEnd([later, HELD], instant(END) - 1)).toBe(instant(END));
  expect(nextEnd([later, HELD], instant(END))).toBe(instant("2026-11-23T04:00:00Z"));
  expect(nextEnd([aBed()], 0)).toBeNull();
});
