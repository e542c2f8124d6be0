/** The last step: send, or say why not. */
import { Send } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Command } from "../../api/types.ts";
import { keysOf } from "../../keys/bindings.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { firstStop, type Check } from "./model/draft.ts";

interface Props {
  readonly name: string;
  readonly checks: readonly Check[];
  readonly pending: boolean;
  readonly failure: unknown;
  readonly onSend: () => void;
}

/** The checks in the shape of the hub's own answers: refused in place, with its sentence. */
export function useSendCommand(checks: readonly Check[]): Command {
  const { t } = useTranslation();
  const stop = firstStop(checks);
  return stop === null
    ? { name: "send", allowed: true }
    : {
        name: "send",
        allowed: false,
        reason: `${t(`record.check.name.${stop.name}`)}：${t(`record.check.${stop.says}`)}`,
      };
}

export function SendBar({ name, checks, pending, failure, onSend }: Props) {
  const { t } = useTranslation();
  const command = useSendCommand(checks);
  return (
    <section className="card card-body col g12 send-bar">
      <CommandButton
        command={command}
        icon={Send}
        keys={keysOf("desk", "submit").replace("Ctrl+Enter", "Ctrl ↵")}
        pending={pending}
        look={{ type: "primary", size: "large", block: true }}
        onRun={onSend}
      >
        {name}
      </CommandButton>
      <ProblemNote failure={failure} />
      <span className="s12 mut">{t("record.sending.after")}</span>
    </section>
  );
}
