/** The boxes of a desk and of a township, as the hub keeps them. Pure. */
import { hasRole } from "../../api/resources/session.ts";
import type { ReferralQuery, RoleName, SessionUser } from "../../api/types.ts";

export type Box = Exclude<NonNullable<ReferralQuery["box"]>, "">;

const DESK: readonly RoleName[] = ["referral-desk", "consultant", "ward-nurse", "medical-affairs"];
const AT_THE_DESK = ["in", "moving", "arrived", "down", "closed", "no-news"] as const satisfies readonly Box[];
const AT_A_TOWNSHIP = ["out", "moving", "down", "in", "closed", "no-news"] as const satisfies readonly Box[];

/** Who answers begins with what waits for an answer, who refers with her own patients. */
export function boxesOf(user: SessionUser): readonly Box[] {
  const township = hasRole(user, "township-doctor", "family-doctor");
  return township || !hasRole(user, ...DESK) ? AT_A_TOWNSHIP : AT_THE_DESK;
}

export function boxFrom(word: string | null, boxes: readonly Box[]): Box {
  return boxes.find((box) => box === word) ?? boxes[0] ?? "in";
}
