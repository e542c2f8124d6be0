/** A referral desk for tests: three tickets, and a hub that answers what its page asks. */
import {
  aBed,
  aBoard,
  aQueue,
  aReferral,
  aReferralDetail,
  aReferralPage,
  aTicketPatient,
  anExplanation,
} from "./referrals.ts";
import type { Referral, ReferralDetail } from "../api/types.ts";
import { fakeHub, type FakeHub } from "./hub.ts";

export const WANG = aReferral({
  id: "t-wang",
  patient: aTicketPatient({ id: "p-w", name: "王秀兰", sex: "female", age: 66 }),
  explanation: anExplanation({
    zh: "Ⅲ级，30 分：等待 10，优先床类别 15，路程 5",
    inputs: { level: 3, ageing: 10, priority: 15, distance: 5, score: 30, overdue: false },
  }),
});
export const YANG = aReferral({
  id: "t-yang",
  state: "sent",
  unopened: true,
  patient: aTicketPatient({ id: "p-y", name: "杨生贵", age: 66 }),
  explanation: anExplanation({ position: 2 }),
  commands: [{ name: "open", allowed: true }],
});
export const MA = aReferral({
  id: "t-ma",
  triage_level: 1,
  pathway: "chest-pain",
  state: "bed-held",
  explanation: null,
  timeline: { sent: "2026-11-23T00:33:00Z", accepted: "2026-11-23T00:33:00Z" },
  commands: [
    { name: "acknowledge", allowed: true },
    { name: "decline", allowed: false, reason: "STATE" },
    { name: "arrive", allowed: true },
  ],
});

export function detailOf(ticket: Referral, more: Partial<ReferralDetail> = {}): ReferralDetail {
  return aReferralDetail({ ...ticket, ...more });
}

export function aDesk(listed: readonly Referral[] = [WANG, YANG]): FakeHub {
  return fakeHub()
    .answer("GET", "/api/v1/referrals", aReferralPage(listed))
    .answer("GET", "/api/v1/referrals/queue", aQueue([WANG, YANG]))
    .answer("GET", "/api/v1/referrals/t-wang", detailOf(WANG))
    .answer("GET", "/api/v1/referrals/t-yang", detailOf(YANG))
    .answer("GET", "/api/v1/referrals/t-ma", detailOf(MA))
    .answer("GET", "/api/v1/referrals/{id}/messages", { items: [] })
    .answer("GET", "/api/v1/beds", aBoard([aBed(), aBed({ id: "b-2", label: "呼吸-06", sex: "male" })]))
    .answer("GET", "/api/v1/organizations", { items: [] })
    .answer("POST", "/api/v1/referrals/suggest-targets", { targets: [], scope: null, departments: [] });
}
