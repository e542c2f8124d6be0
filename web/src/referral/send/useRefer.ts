/** Drafting and sending as one intention: a double click or a retry makes one ticket, another wording makes another. */
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { newKey } from "../../api/client.ts";
import { now, isoOf } from "../../api/clock.ts";
import { waitsForLine } from "../../api/pending.ts";
import { referUp, type Intention, type Referred } from "../../api/resources/refer-up.ts";
import type { ReferralDetail, ReferralNew } from "../../api/types.ts";

interface Sending {
  readonly refer: (body: ReferralNew, reason: string) => void;
  readonly pending: boolean;
  /** It waits in this browser for the line. */
  readonly waits: boolean;
  readonly failure: unknown;
  /** Drafted, but not sent: why, and the draft. */
  readonly refused: Extract<Referred, { sent: false }> | null;
}

/** Whether the same was written; when does not count. */
function isSame(known: ReferralNew, body: ReferralNew): boolean {
  return JSON.stringify({ ...known, written_at: null }) === JSON.stringify({ ...body, written_at: null });
}

function intentionOf(last: Intention | null, draft: ReferralDetail | null, body: ReferralNew): Intention {
  if (last !== null && isSame(last.body, body)) return last;
  return { key: newKey(), body, reason: "", replaces: draft };
}

export function useRefer(onSent: (ticket: ReferralDetail) => void): Sending {
  const last = useRef<Intention | null>(null);
  const mutation = useMutation(referUp.refer);
  const refused = mutation.data?.sent === false ? mutation.data : null;
  return {
    refer: (body, reason) => {
      // Nobody knows yet when it arrives: the hub keeps both times.
      const written = { ...body, written_at: isoOf(now()) };
      const intention = { ...intentionOf(last.current, refused?.ticket ?? null, written), reason };
      last.current = intention;
      mutation.mutate(intention, {
        onSuccess: (referred) => {
          if (referred.sent) onSent(referred.ticket);
        },
      });
    },
    pending: mutation.isPending,
    waits: waitsForLine(mutation),
    failure: mutation.error,
    refused,
  };
}
