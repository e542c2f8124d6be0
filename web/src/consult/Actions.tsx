/** What may be done with a consult now; what needs words asks for them first. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../api/client.ts";
import { commandOf } from "../api/commands.ts";
import { consults, type ConsultAct } from "../api/resources/consults.ts";
import { sessions } from "../api/resources/session.ts";
import type { ConsultDetail } from "../api/types.ts";
import { CommandButton } from "../ui/CommandButton.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { Ask, type Asked } from "./Ask.tsx";

const ACTS: readonly ConsultAct[] = [
  "triage",
  "offer-slots",
  "choose-slot",
  "answer-in-writing",
  "sign",
  "adopt",
  "close",
  "reschedule",
  "refuse",
  "close-without-opinion",
  "cancel",
];
const PLAIN: readonly ConsultAct[] = ["answer-in-writing", "close"];
const FIRST: readonly ConsultAct[] = [
  "triage",
  "offer-slots",
  "choose-slot",
  "answer-in-writing",
  "sign",
  "adopt",
  "close",
];
const GIVES_UP: readonly ConsultAct[] = ["refuse", "close-without-opinion", "cancel"];

/** The words that she signs: those that stood when she pressed, and what she herself wrote on top of them since. */
function useSeen(id: string) {
  const cache = useQueryClient();
  const me = useQuery(sessions.current).data?.user.id;
  const pressed = useRef(0);
  const stands = () => cache.getQueryData(consults.opinion(id).queryKey);
  return {
    look: () => {
      pressed.current = stands()?.version ?? 0;
    },
    now: () => {
      const opinion = stands();
      return opinion !== undefined && opinion.updated_by?.id === me ? opinion.version : pressed.current;
    },
  };
}

function useRun(consult: ConsultDetail) {
  // What is asked keeps its name while the sheet goes away: a dialog without one is none to who hears it.
  const [asked, setAsked] = useState<ConsultAct>("triage");
  const [open, setOpen] = useState(false);
  const run = useMutation(consults.run);
  const seen = useSeen(consult.id);
  const send = (name: ConsultAct, fields: Asked) => {
    const words = name === "sign" ? { opinion_version: seen.now() } : {};
    run.mutate(
      { ...fields, ...words, name, id: consult.id, version: consult.version, key: newKey() },
      {
        onSuccess: () => {
          setOpen(false);
        },
      },
    );
  };
  const press = (name: ConsultAct) => {
    run.reset();
    seen.look();
    if (PLAIN.includes(name)) send(name, {});
    else {
      setAsked(name);
      setOpen(true);
    }
  };
  return {
    asked,
    open,
    run,
    send,
    press,
    close: () => {
      setOpen(false);
    },
  };
}

export function Actions({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  const { asked, open, run, send, press, close } = useRun(consult);
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
            look={{ type: FIRST.includes(name) ? "primary" : "default", danger: GIVES_UP.includes(name) }}
            onRun={() => {
              press(name);
            }}
          >
            {t(`consult.act.${name}`)}
          </CommandButton>
        ))}
      </div>
      {!open && <ProblemNote failure={run.error} />}
      <Sheet title={t(`consult.act.${asked}`)} open={open} onClose={close}>
        <Ask
          name={asked}
          consult={consult}
          failure={run.error}
          pending={run.isPending}
          onAsked={(words) => {
            send(asked, words);
          }}
        />
      </Sheet>
    </div>
  );
}
