/** Holding a bed for a ticket: who is ahead, the hub's answer, the way back for 8 s, and what to do when it says no. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { newKey } from "../../api/client.ts";
import { usePending } from "../../api/pending.ts";
import { beds as board } from "../../api/resources/beds.ts";
import { referrals } from "../../api/resources/referrals.ts";
import type { Bed, Referral, ReferralQueue } from "../../api/types.ts";
import { useToast } from "../../ui/useToast.tsx";
import { misfitOf, type Misfit } from "./model/fit.ts";

interface Pair {
  readonly ticket: Referral;
  readonly bed: Bed;
}

/** What stands between a person and a hold. */
export type Obstacle =
  | (Pair & { readonly at: "order"; readonly ahead: readonly Referral[] })
  | (Pair & { readonly at: "misfit"; readonly rule: Misfit })
  | (Pair & { readonly at: "refused"; readonly failure: unknown });

const NOBODY: readonly Referral[] = [];

/** Who would get this bed by the rule before that ticket. */
function aheadOf(queue: ReferralQueue | undefined, { ticket, bed }: Pair): readonly Referral[] {
  const first = queue?.allotted.filter(({ bed_id, ticket_id }) => bed_id === bed.id && ticket_id !== ticket.id) ?? [];
  if (first.length === 0) return NOBODY;
  return queue?.items.filter(({ id }) => first.some(({ ticket_id }) => ticket_id === id)) ?? NOBODY;
}

/** Gives a bed back, from the toast. */
function useRelease() {
  const { t } = useTranslation();
  const toast = useToast();
  const release = useMutation(board.hold("release"));
  return (hold: string, label: string) => {
    release.mutate(
      { id: hold, key: newKey(), reason: t("ui.undo") },
      {
        onSuccess: () => {
          toast(t("beds.released", { label }));
        },
      },
    );
  };
}

export function useHolding(beds: readonly Bed[], queue: ReferralQueue | undefined) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const toast = useToast();
  const release = useRelease();
  const command = referrals.command("hold-bed");
  const asking = useMutation(command);
  const pending = usePending(command);
  const [obstacle, setObstacle] = useState<Obstacle | null>(null);

  const hold = ({ ticket, bed }: Pair, reason = "") => {
    asking.mutate(
      { id: ticket.id, version: ticket.version, key: newKey(), bed_id: bed.id, reason },
      {
        onSuccess: ({ place }) => {
          setObstacle(null);
          const time = place?.expires_at ? civil(place.expires_at).time : "";
          const name = ticket.patient?.name ?? ticket.number;
          const { hold_id } = place ?? { hold_id: null };
          toast(
            t("beds.held", { label: bed.label, name, time }),
            hold_id === null
              ? undefined
              : () => {
                  release(hold_id, bed.label);
                },
          );
        },
        onError: (failure) => {
          setObstacle({ at: "refused", ticket, bed, failure });
          void cache.invalidateQueries({ queryKey: board.keys.all });
          void cache.invalidateQueries({ queryKey: referrals.keys.queues });
        },
      },
    );
  };

  return {
    obstacle,
    pending,
    leave: () => {
      setObstacle(null);
    },
    hold,
    /** Puts a card on a bed: what its tile speaks against, and who is ahead, is said before the hub is asked. */
    drop: (ticket: Referral, bedId: string) => {
      const bed = beds.find(({ id }) => id === bedId);
      if (bed === undefined || pending.has(ticket.id)) return;
      const rule = misfitOf(ticket, bed);
      if (rule !== null) {
        setObstacle({ at: "misfit", ticket, bed, rule });
        return;
      }
      const ahead = aheadOf(queue, { ticket, bed });
      if (ahead.length > 0) setObstacle({ at: "order", ticket, bed, ahead });
      else hold({ ticket, bed });
    },
  };
}

export type Holding = ReturnType<typeof useHolding>;
