/** A morning on the bed board: four beds of one ward, two who wait, and what the hub answers about them. */
import type { Bed, BedHold, Referral, ReferralQueue } from "../api/types.ts";
import { fakeHub } from "./hub.ts";
import { aBed, aBoard, anExplanation, aQueue, aReferral, aReferralPage, aTicketPatient } from "./referrals.ts";

export function aBedHold(of: Partial<BedHold> = {}): BedHold {
  return {
    id: "h-1",
    ticket_id: "t-9",
    number: "R-2611-0379",
    level: 3,
    patient_name: "王*兰",
    from: "2026-11-23T00:33:00Z",
    expires_at: "2026-11-23T02:57:00Z",
    en_route: false,
    override: false,
    ...of,
  };
}

export const NEEDS = { department: "呼吸", isolation: false, icu: false, devices: [] };
export const HOLD = { name: "hold-bed", allowed: true } as const;
export const MA = aReferral({ id: "t-ma", state: "accepted", needs: NEEDS, commands: [HOLD], version: 4 });
export const SU = aReferral({
  id: "t-su",
  number: "R-2611-0381",
  state: "accepted",
  needs: NEEDS,
  commands: [HOLD],
  patient: aTicketPatient({ id: "p-su", name: "苏进财" }),
  explanation: anExplanation({ position: 2 }),
});
export const FREE = aBed({ id: "b-1", label: "呼吸-01" });
export const WOMEN = aBed({ id: "b-2", label: "呼吸-02", sex: "female" });
export const TAKEN = aBed({
  id: "b-3",
  label: "呼吸-03",
  state: "occupied",
  occupancy: {
    id: "s",
    ticket_id: null,
    label: "丁*兰",
    sex: "female",
    since: "2026-11-20T00:00:00Z",
    expected_end_at: null,
  },
});
export const ALSO = aBed({ id: "b-4", label: "呼吸-04" });

/** 10:57 on a day that is not yet, whenever the test runs. */
export const LATER = "2126-11-23T02:57:00Z";

interface Morning {
  readonly beds?: readonly Bed[];
  readonly tickets?: readonly Referral[];
  readonly allotted?: ReferralQueue["allotted"];
}

export function aMorning({ beds = [FREE, WOMEN, TAKEN, ALSO], tickets = [MA, SU], allotted = [] }: Morning = {}) {
  return fakeHub()
    .answer("GET", "/api/v1/organizations", { items: [] })
    .answer("GET", "/api/v1/beds", aBoard(beds))
    .answer("GET", "/api/v1/referrals", aReferralPage([]))
    .answer("GET", "/api/v1/referrals/queue", { ...aQueue(tickets), allotted });
}

export const held = (ticket: Referral, bed: Bed) => ({
  ...ticket,
  state: "bed-held",
  version: 5,
  place: {
    kind: "bed",
    bed_id: bed.id,
    label: bed.label,
    ward: "呼吸内科",
    phone: "",
    hold_id: "h-9",
    from: "2026-11-23T00:33:00Z",
    expires_at: "2026-11-23T02:57:00Z",
  },
});
