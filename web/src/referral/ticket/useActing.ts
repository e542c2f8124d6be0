/** What a person does with one ticket: at once, or by a sheet with the fields that the command needs. */
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { civil, now } from "../../api/clock.ts";
import { newKey } from "../../api/client.ts";
import { referrals, type ReferralCommand } from "../../api/resources/referrals.ts";
import type { Referral, ReferralDetail, ReferralHeld } from "../../api/types.ts";
import { useToast } from "../../ui/useToast.tsx";
import { actionsOf, isAnswer, offered } from "../model/actions.ts";
import { actOf, FORMS, type Values } from "./forms.ts";

type Answer = ReferralDetail | ReferralHeld;

function useDone(): (name: ReferralCommand, answer: Answer, undo: (ticket: Referral) => void) => void {
  const { t } = useTranslation();
  const toast = useToast();
  return (name, answer, undo) => {
    const who = answer.patient?.name ?? answer.number;
    if (name !== "hold-bed" || answer.place === null) {
      toast(t("referral.did", { who, what: t(`referral.command.${name}`) }));
      return;
    }
    const { kind, label, expires_at: until } = answer.place;
    if (kind !== "bed") {
      toast(t("referral.didBay", { who }));
      return;
    }
    toast(t("referral.didHold", { who, label, time: until === null ? "" : civil(until).time }), () => {
      undo(answer);
    });
  };
}

/** `sheet` is the command whose fields are open, with the key of this one intention. */
export function useActing(ticket: Referral | null) {
  const run = useMutation(referrals.run);
  const undo = useMutation(referrals.run);
  const done = useDone();
  const { t } = useTranslation();
  const [sheet, setSheet] = useState<{ readonly name: ReferralCommand; readonly key: string } | null>(null);
  const giveBack = (held: Referral) => {
    undo.mutate(
      actOf(
        "release-hold",
        { id: held.id, version: held.version, key: newKey() },
        { reason: t("referral.undone") },
        now(),
      ),
    );
  };
  // Two presses of a key can come between two drawings: one intention acts once.
  const busy = useRef(false);
  const act = (on: Referral, name: ReferralCommand, values: Values, key: string) => {
    if (busy.current) return;
    busy.current = true;
    run
      .mutateAsync(actOf(name, { id: on.id, version: on.version, key }, values, now()))
      .then((answer) => {
        setSheet(null);
        done(name, answer, giveBack);
      })
      // Shown where the person acted; what was typed stays.
      .catch(() => undefined)
      .finally(() => {
        busy.current = false;
      });
  };
  const close = () => {
    setSheet(null);
    run.reset();
  };
  const start = (name: ReferralCommand, on: Referral | null = ticket) => {
    if (on === null || run.isPending || offered(on, name)?.allowed !== true) return;
    run.reset();
    if (FORMS[name].fields.length === 0) act(on, name, {}, newKey());
    else setSheet({ name, key: newKey() });
  };
  return {
    sheet,
    start,
    /** Key A answers, and does nothing else: pressed once too often it moves nobody on. */
    answer: () => {
      const main = ticket === null ? null : actionsOf(ticket).main;
      if (main !== null && isAnswer(main)) start(main.name);
    },
    submit: (values: Values) => {
      if (ticket !== null && sheet !== null) act(ticket, sheet.name, values, sheet.key);
    },
    close,
    pending: run.isPending ? run.variables.name : null,
    failure: run.variables?.id === ticket?.id ? run.error : null,
  };
}

export type Acting = ReturnType<typeof useActing>;
