/** What may be done with a consult now; what needs words asks for them first. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../api/client.ts";
import { commandOf } from "../api/commands.ts";
import { consults, type ConsultAct } from "../api/resources/consults.ts";
import type { ConsultDetail } from "../api/types.ts";
import { CommandButton } from "../ui/CommandButton.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { Ask, type Asked } from "./Ask.tsx";

const ACTS: readonly ConsultAct[] = [
  "triage",
  "answer-in-writing",
  "sign",
  "adopt",
  "close",
  "refuse",
  "close-without-opinion",
  "cancel",
];
const PLAIN: readonly ConsultAct[] = ["answer-in-writing", "close"];
const GIVES_UP: readonly ConsultAct[] = ["refuse", "close-without-opinion", "cancel"];

function useRun(consult: ConsultDetail) {
  const [asking, setAsking] = useState<ConsultAct | null>(null);
  const run = useMutation(consults.run);
  const send = (name: ConsultAct, asked: Asked) => {
    run.mutate(
      { ...asked, name, id: consult.id, version: consult.version, key: newKey() },
      {
        onSuccess: () => {
          setAsking(null);
        },
      },
    );
  };
  const press = (name: ConsultAct) => {
    run.reset();
    if (PLAIN.includes(name)) send(name, {});
    else setAsking(name);
  };
  return {
    asking,
    run,
    send,
    press,
    close: () => {
      setAsking(null);
    },
  };
}

export function Actions({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  const { asking, run, send, press, close } = useRun(consult);
  // The page shows what may be done now; where nothing may, the state above says who has it.
  const offered = ACTS.filter((name) => commandOf(consult, name)?.allowed === true);
  return (
    <div className="col g8">
      <div className="co-bar">
        {offered.map((name) => (
          <CommandButton
            key={name}
            command={commandOf(consult, name)}
            pending={run.isPending && run.variables.name === name}
            look={{ type: GIVES_UP.includes(name) ? "default" : "primary", danger: GIVES_UP.includes(name) }}
            onRun={() => {
              press(name);
            }}
          >
            {t(`consult.act.${name}`)}
          </CommandButton>
        ))}
      </div>
      {asking === null && <ProblemNote failure={run.error} />}
      <Sheet title={asking === null ? "" : t(`consult.act.${asking}`)} open={asking !== null} onClose={close}>
        {asking !== null && (
          <Ask
            name={asking}
            consult={consult}
            failure={run.error}
            pending={run.isPending}
            onAsked={(asked) => {
              send(asking, asked);
            }}
          />
        )}
      </Sheet>
    </div>
  );
}
