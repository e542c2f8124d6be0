/** Who keeps a bed and until when; giving it back and prolonging are the ticket's commands. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { civil, instant, isoOf } from "../../api/clock.ts";
import { newKey } from "../../api/client.ts";
import { commandOf } from "../../api/commands.ts";
import { beds as board } from "../../api/resources/beds.ts";
import { referrals } from "../../api/resources/referrals.ts";
import type { Bed, BedHold } from "../../api/types.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { useToast } from "../../ui/useToast.tsx";
import { Countdown } from "./Countdown.tsx";
import { useBedWords } from "./useBedWords.ts";

const LONGER_MS = 3_600_000;

interface Props {
  readonly bed: Bed;
  readonly hold: BedHold;
  readonly onDone: () => void;
}

function Actions({ bed, hold, onDone }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const ticket = useQuery({ ...referrals.detail(hold.ticket_id ?? ""), enabled: hold.ticket_id !== null });
  const release = useMutation(board.hold("release"));
  const extend = useMutation(board.hold("extend"));
  const command = ticket.data === undefined ? null : commandOf(ticket.data, "release-hold");
  const { expires_at } = hold;
  return (
    <>
      <div className="row wrap">
        <CommandButton
          command={command}
          pending={release.isPending}
          onRun={() => {
            release.mutate(
              { id: hold.id, key: newKey() },
              {
                onSuccess: () => {
                  toast(t("beds.released", { label: bed.label }));
                  onDone();
                },
              },
            );
          }}
        >
          {t("beds.sheet.release")}
        </CommandButton>
        {command?.allowed === true && expires_at !== null && (
          <Button
            loading={extend.isPending}
            onClick={() => {
              extend.mutate(
                { id: hold.id, key: newKey(), until: isoOf(instant(expires_at) + LONGER_MS) },
                {
                  onSuccess: ({ expires_at: at }) => {
                    toast(t("beds.sheet.extended", { label: bed.label, time: at === null ? "" : civil(at).time }));
                  },
                },
              );
            }}
          >
            {t("beds.sheet.extend")}
          </Button>
        )}
        {hold.ticket_id !== null && <Link to={`/referrals/${hold.ticket_id}`}>{t("beds.sheet.ticket")}</Link>}
      </div>
      <ProblemNote failure={release.error ?? extend.error} />
    </>
  );
}

export function HeldBy(props: Props) {
  const words = useBedWords();
  return (
    <section className="col bb-heldby">
      <div className="row wrap">
        <b>{words.detail(props.bed)}</b>
        <span className="s13 sub">{props.hold.number}</span>
        <span className="sp" />
        <Countdown hold={props.hold} />
      </div>
      <Actions {...props} />
    </section>
  );
}
