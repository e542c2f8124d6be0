/** A Ⅰ without a bed, and a hold of a Ⅲ or Ⅳ that could be taken back: proposed by the rule, done by a named person. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { ArrowLeftRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { mayRun } from "../../api/commands.ts";
import { beds as board } from "../../api/resources/beds.ts";
import { referrals } from "../../api/resources/referrals.ts";
import { useUser } from "../../api/resources/session.ts";
import type { Bed, BedHold, Referral, ReferralQueue } from "../../api/types.ts";
import { TriagePlate } from "../../ui/Plate.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { useToast } from "../../ui/useToast.tsx";
import { levelOf } from "../model/stage.ts";
import { numeralOf } from "./model/numeral.ts";

interface Proposal {
  readonly ticket: Referral;
  readonly bed: Bed;
  readonly hold: BedHold;
}

/** Only what still stands: the hold lives, and this person may hold beds. */
function proposalsOf(queue: ReferralQueue, beds: readonly Bed[]): readonly Proposal[] {
  return queue.allotted.flatMap(({ ticket_id, pre_emption_hold_id }) => {
    if (pre_emption_hold_id === null) return [];
    const ticket = queue.items.find(({ id }) => id === ticket_id);
    const bed = beds.find((it) => it.hold?.id === pre_emption_hold_id);
    if (ticket === undefined || !mayRun(ticket, "hold-bed") || bed === undefined || bed.hold === null) return [];
    return [{ ticket, bed, hold: bed.hold }];
  });
}

function Band({ ticket, bed, hold }: Proposal) {
  const { t } = useTranslation();
  const user = useUser();
  const toast = useToast();
  const cache = useQueryClient();
  const preEmpt = useMutation(board.hold("pre-empt"));
  const name = ticket.patient?.name ?? "";
  return (
    <section className="card bb-band" aria-label={t("beds.preEmpt.title", { number: ticket.number, name })}>
      <TriagePlate level={levelOf(ticket)} />
      <div className="bb-band-words">
        <b>{t("beds.preEmpt.title", { number: ticket.number, name })}</b>
        <p className="s13 sub">
          {t("beds.preEmpt.text", {
            label: bed.label,
            level: numeralOf(hold.level),
            other: `${hold.number} ${hold.patient_name}`,
          })}
        </p>
        <ProblemNote failure={preEmpt.error} />
      </div>
      <Button
        type="primary"
        loading={preEmpt.isPending}
        icon={<ArrowLeftRight aria-hidden="true" />}
        onClick={() => {
          preEmpt.mutate(
            { id: hold.id, key: newKey(), ticket_id: ticket.id },
            {
              onSuccess: () => {
                toast(t("beds.preEmpt.done", { label: bed.label, name: name || ticket.number }));
                void cache.invalidateQueries({ queryKey: referrals.keys.all });
              },
            },
          );
        }}
      >
        {t("beds.preEmpt.go", { person: user.name })}
      </Button>
    </section>
  );
}

export function PreEmption({ queue, beds }: { queue: ReferralQueue; beds: readonly Bed[] }) {
  return proposalsOf(queue, beds).map((proposal) => <Band key={proposal.ticket.id} {...proposal} />);
}
