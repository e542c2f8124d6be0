/** The ways into the room: for me by a button, for the patient by a link and its code, for an expert by ringing. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { BellRing, Link2, Video } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { newKey } from "../api/client.ts";
import { commandOf, mayRun } from "../api/commands.ts";
import { consults } from "../api/resources/consults.ts";
import type { ConsultDetail } from "../api/types.ts";
import { CommandButton } from "../ui/CommandButton.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { Sheet } from "../ui/Sheet.tsx";

/** From the appointment to the end of the call somebody may be in the room, or wait before it. */
const OPEN: readonly string[] = ["scheduled", "ringing", "lobby-open", "waiting", "in-call", "interrupted"];

// The code is drawn by more than the rest of the page weighs.
const PatientCode = lazy(async () => ({ default: (await import("./PatientCode.tsx")).PatientCode }));

/** Here the patient may sit by a link that a new one would end. */
const TAKEN: readonly string[] = ["waiting", "in-call", "interrupted"];

function PatientLink({ id, state }: { id: string; state: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const make = useMutation(consults.link);
  const known = make.data !== undefined;
  const press = () => {
    make.mutate(
      { id, key: newKey() },
      {
        onSuccess: () => {
          setOpen(true);
        },
      },
    );
  };
  return (
    <>
      <Button
        icon={<Link2 aria-hidden="true" />}
        loading={make.isPending}
        onClick={() => {
          if (known || TAKEN.includes(state)) setOpen(true);
          else press();
        }}
      >
        {t("room.entry.link")}
      </Button>
      <ProblemNote failure={make.error} />
      <Sheet
        title={t("room.entry.linkTitle")}
        open={open}
        onClose={() => {
          setOpen(false);
        }}
      >
        <Suspense>{known && <PatientCode made={make.data} />}</Suspense>
        {!known && (
          <div className="col g8">
            <p>{t("room.entry.linkAgainText")}</p>
            <Button danger loading={make.isPending} onClick={press}>
              {t("room.entry.linkAgain")}
            </Button>
          </div>
        )}
      </Sheet>
    </>
  );
}

function Ring({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  const run = useMutation(consults.run);
  const command = commandOf(consult, "ring");
  if (command?.allowed !== true) return null;
  return (
    <>
      <CommandButton
        command={command}
        icon={BellRing}
        pending={run.isPending}
        onRun={() => {
          run.mutate({ name: "ring", id: consult.id, version: consult.version, key: newKey() });
        }}
      >
        {t("room.entry.ring")}
      </CommandButton>
      <ProblemNote failure={run.error} />
    </>
  );
}

function Ways({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <>
      <Button
        type="primary"
        size="large"
        icon={<Video aria-hidden="true" />}
        onClick={() => void navigate(`/consults/${consult.id}/room`)}
      >
        {t("room.entry.join")}
      </Button>
      <PatientLink id={consult.id} state={consult.state} />
    </>
  );
}

export function RoomEntry({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  const open = OPEN.includes(consult.state);
  if (!open && !mayRun(consult, "ring")) return null;
  return (
    <Panel title={t("room.entry.title")} aside={t("room.entry.joinHint")}>
      <div className="co-bar">
        {open && <Ways consult={consult} />}
        <Ring consult={consult} />
      </div>
      {consult.state === "ringing" && (
        <p role="status">{t("room.entry.rung", { name: consult.experts[0]?.name ?? "" })}</p>
      )}
    </Panel>
  );
}
