/** What stands before a ticket: what the record knows, where the patient could go, and drafting with sending as one. */
import { keepPreviousData, mutationOptions, queryOptions } from "@tanstack/react-query";
import { act, get, newKey, post, type Act } from "../client.ts";
import { Problem } from "../problems.ts";
import { untilHeard } from "../retry.ts";
import type { ReferralDetail, ReferralNew, TargetWish } from "../types.ts";
import { beds } from "./beds.ts";
import { referrals } from "./referrals.ts";

const keys = {
  prefill: (patient: string) => ["refer-up", "prefill", patient] as const,
  // Among the beds: what changes a bed changes where a patient could go.
  targets: (wish: TargetWish) => [...beds.keys.all, "targets", wish] as const,
};

/** One intention: what was written, the key that every retry reuses, and a draft that it replaces. */
export interface Intention {
  readonly key: string;
  readonly body: ReferralNew;
  /** Why the sender goes on although the guide says that her own level treats this. */
  readonly reason: string;
  /** A draft of an earlier intention that was refused; it is withdrawn, so that nothing lies about. */
  readonly replaces: ReferralDetail | null;
}

/** A refusal to send leaves a draft, and says what has to be done before it goes. */
export type Referred =
  | { readonly sent: true; readonly ticket: ReferralDetail }
  | { readonly sent: false; readonly ticket: ReferralDetail; readonly refusal: Problem };

async function withdraw(draft: ReferralDetail): Promise<void> {
  // A draft that cannot be withdrawn ends by its own deadline; the patient does not wait for it.
  await act("/api/v1/referrals/{id}/cancel", { id: draft.id, key: newKey() }).catch(() => null);
}

async function refer({ key, body, reason, replaces }: Intention): Promise<Referred> {
  if (replaces !== null) await withdraw(replaces);
  const draft = await post("/api/v1/referrals", { body, key: `${key}-draft` });
  const sending: Act & { readonly reason: string } = { id: draft.id, key: `${key}-send`, reason };
  try {
    const ticket = await act("/api/v1/referrals/{id}/send", sending);
    return { sent: true, ticket };
  } catch (failure) {
    if (failure instanceof Problem && failure.status < 500) return { sent: false, ticket: draft, refusal: failure };
    throw failure;
  }
}

export const referUp = {
  prefill: (patient: string) =>
    queryOptions({
      queryKey: keys.prefill(patient),
      queryFn: ({ signal }) => get("/api/v1/referrals/prefill", { query: { patient_id: patient }, signal }),
      // Written into while the person works: asked for once, for the form does not change under the hand.
      staleTime: Infinity,
      gcTime: 0,
    }),
  targets: (wish: TargetWish) =>
    queryOptions({
      queryKey: keys.targets(wish),
      queryFn: () => post("/api/v1/referrals/suggest-targets", { body: wish }),
      placeholderData: keepPreviousData,
      ...untilHeard,
    }),
  refer: mutationOptions({
    mutationKey: ["referrals", "refer"],
    scope: { id: "referrals" },
    mutationFn: refer,
    // The patient is on the road whatever the line does: what was sent goes, without a second touch.
    ...untilHeard,
    onSuccess: (_referred, _intention, _before, { client }) =>
      client.invalidateQueries({ queryKey: referrals.keys.all }),
  }),
};
