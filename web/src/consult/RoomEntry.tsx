/** The ways into the room: for me by a button, for the patient by a link and its code, for an expert by ringing. */
import { useMutation } from "@tanstack/react-query";
import { Button, QRCode } from "antd";
import { BellRing, Copy, Link2, Video } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { newKey } from "../api/client.ts";
import { commandOf, mayRun } from "../api/commands.ts";
import { civil } from "../api/clock.ts";
import { consults } from "../api/resources/consults.ts";
import type { ConsultDetail } from "../api/types.ts";
import { CommandButton } from "../ui/CommandButton.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useToast } from "../ui/useToast.tsx";

/** From the appointment to the end of the call somebody may be in the room, or wait before it. */
const OPEN: readonly string[] = ["scheduled", "ringing", "lobby-open", "waiting", "in-call", "interrupted"];

interface Made {
  readonly url: string;
  readonly expires_at: string;
}

/** The clipboard exists only on HTTPS and localhost: elsewhere the address is selected for the hand. */
async function copied(url: string, field: HTMLInputElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(url);
    return true;
  } catch {
    field?.select();
    return false;
  }
}

function Link({ made }: { made: Made }) {
  const { t } = useTranslation();
  const toast = useToast();
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    if (await copied(made.url, field.current)) toast(t("room.entry.copied"));
  };
  return (
    <div className="col g12">
      <p className="co-said">{t("room.entry.linkText")}</p>
      <div className="co-code" role="img" aria-label={t("room.entry.qr")}>
        <QRCode value={made.url} size={208} bordered={false} bgColor="#ffffff" color="#13201e" />
      </div>
      <input ref={field} className="co-link" readOnly value={made.url} aria-label={t("room.entry.linkTitle")} />
      <span className="mut s13">
        {t("room.entry.linkUntil", { until: `${civil(made.expires_at).date} ${civil(made.expires_at).time}` })}
      </span>
      <Button type="primary" icon={<Copy aria-hidden="true" />} onClick={() => void copy()}>
        {t("room.entry.copy")}
      </Button>
    </div>
  );
}

function PatientLink({ id }: { id: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const make = useMutation(consults.link);
  return (
    <>
      <Button
        icon={<Link2 aria-hidden="true" />}
        loading={make.isPending}
        onClick={() => {
          make.mutate(
            { id, key: newKey() },
            {
              onSuccess: () => {
                setOpen(true);
              },
            },
          );
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
        {make.data !== undefined && <Link made={make.data} />}
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
      <PatientLink id={consult.id} />
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
