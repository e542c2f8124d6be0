/** The commands of a report, each with its dialog: sign, verify, send back, amend, preliminary. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { commandOf } from "../../api/commands.ts";
import { reports } from "../../api/resources/reports.ts";
import type { Command, Report } from "../../api/types.ts";
import { useLine } from "../../live/index.ts";
import { useScreen } from "../../ui/useScreen.ts";
import { useToast } from "../../ui/useToast.tsx";
import type { Why } from "./ReasonDialog.tsx";
import type { Proof } from "./SignDialog.tsx";

export type Asking = "sign" | "verify" | "sendBack" | "amend" | null;

interface Events {
  /** Saves first; null when the words could not be saved, so nothing is signed. */
  readonly version: () => Promise<number | null>;
  /** Signed or verified: this one is out of the person's hands. */
  readonly onDone: () => void;
}

/** The hub's command, unless something on this side stands in the way and says so. */
export function useSignable(report: Report, name: "sign" | "verify", lack: string | null): Command | null {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const down = useLine().at === "down";
  const command = commandOf(report, name);
  if (command?.allowed !== true) return command;
  const reason = phone ? t("reading.notOnPhone") : down ? "OFFLINE" : lack;
  return reason === null ? command : { name, allowed: false, reason };
}

export function useSigning(report: Report, { version, onDone }: Events) {
  const { t } = useTranslation();
  const toast = useToast();
  const [asking, setAsking] = useState<Asking>(null);
  const id = reports.idOf(report);
  const sign = useMutation(reports.sign);
  const verify = useMutation(reports.verify);
  const sendBack = useMutation(reports.sendBack);
  const amend = useMutation(reports.amend);
  const preliminary = useMutation(reports.issuePreliminary);
  const close = () => {
    setAsking(null);
    for (const one of [sign, verify, sendBack, amend]) one.reset();
  };
  // The hub's answer takes this pane off the screen, and a pane's own callbacks go with it: the promise stays.
  const afterwards = (asked: Promise<unknown>, words: string) => {
    asked
      .then(() => {
        close();
        toast(words);
        onDone();
      })
      // The dialog shows the refusal by itself.
      .catch(() => undefined);
  };
  const run = async (go: (version: number) => void) => {
    const saved = await version();
    if (saved !== null) go(saved);
  };
  return {
    asking,
    ask: setAsking,
    close,
    failure: { sign: sign.error, verify: verify.error, sendBack: sendBack.error, amend: amend.error }[asking ?? "sign"],
    pending: sign.isPending || verify.isPending || sendBack.isPending || amend.isPending,
    preliminary,
    sign: (proof: Proof) =>
      void run((at) => {
        afterwards(sign.mutateAsync({ id, version: at, ...proof }), t("reading.done.sign"));
      }),
    verify: (proof: Proof) => {
      afterwards(verify.mutateAsync({ id, version: report.version, ...proof }), t("reading.done.verify"));
    },
    sendBack: ({ reason, key }: Why) => {
      afterwards(sendBack.mutateAsync({ id, version: report.version, reason, key }), t("reading.done.sendBack"));
    },
    amend: ({ kind, reason, key }: Why) => {
      amend.mutate({ id, version: report.version, kind, reason, key }, { onSuccess: close });
    },
    issuePreliminary: () =>
      void run((at) => {
        preliminary.mutate(
          { id, version: at, key: newKey() },
          {
            onSuccess: () => {
              toast(t("reading.done.preliminary"));
            },
          },
        );
      }),
  };
}

export type Signing = ReturnType<typeof useSigning>;
