/** The end of the form: send, or say what is missing; the telephone beside it; a refusal with what to do next. */
import { Button } from "antd";
import { Phone, Send as SendIcon, WifiOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { codeOf, factOf, Problem } from "../../api/problems.ts";
import { CommandButton } from "../../ui/CommandButton.tsx";
import { Note } from "../../ui/Note.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import type { Lack } from "./model/ready.ts";
import type { useRefer } from "./useRefer.ts";
import { TrackNote } from "./Who.tsx";

const EMERGENCY = "120";

type Sending = ReturnType<typeof useRefer>;

/** The draft that a refusal left, and what to do with it; without one the line may have failed. */
function Further({ sending, code, onRetry }: { sending: Sending; code: string; onRetry: () => void }) {
  const { t } = useTranslation();
  if (sending.refused === null) return <Button onClick={onRetry}>{t("ui.retry")}</Button>;
  return (
    <Link to={`/referrals/${sending.refused.ticket.id}`} className="rf-way">
      {t(code === "REVIEW_REQUIRED" ? "refer.send.askReview" : "refer.send.openDraft")}
    </Link>
  );
}

/** What the hub refused, in words with the way on. Who is under way already is followed, not refused. */
function Refused({ sending, onRetry }: { sending: Sending; onRetry: () => void }) {
  const failure = sending.refused?.refusal ?? sending.failure;
  const code = codeOf(failure);
  if (failure instanceof Problem && code === "DUPLICATE_REFERRAL")
    return <TrackNote id={factOf(failure, "existing")} number={factOf(failure, "number")} draft={false} />;
  // The guide's card asks for the reason.
  if (failure === null || code === "WITHIN_BASE_SCOPE") return null;
  return (
    <ProblemNote failure={failure}>
      <div className="row wrap">
        <Further sending={sending} code={code} onRetry={onRetry} />
      </div>
    </ProblemNote>
  );
}

/** Whom to phone before or instead: the emergency desk of the county stands here from the first moment. */
export function CallFirst({ phone, large = false }: { phone: string; large?: boolean }) {
  const { t } = useTranslation();
  const number = phone === "" ? EMERGENCY : phone;
  return (
    <Button
      block
      size="large"
      type={large ? "primary" : "default"}
      icon={<Phone aria-hidden="true" />}
      href={`tel:${number.replace(/\s/g, "")}`}
    >
      {phone === "" ? t("refer.send.call120") : t("refer.send.call", { phone })}
    </Button>
  );
}

/** Without a line the telephone comes first; what is written is kept, and the page says so. */
function Down({ waits, phone }: { waits: boolean; phone: string }) {
  const { t } = useTranslation();
  return (
    <>
      <div role="status">
        <Note tone="due" icon={WifiOff}>
          <b>{t("refer.send.offline")}</b> {t(waits ? "refer.send.waits" : "refer.send.offlineText")}
        </Note>
      </div>
      <CallFirst phone={phone} large />
    </>
  );
}

interface Props {
  readonly green: boolean;
  readonly lacks: readonly (Lack | "scope")[];
  readonly sending: Sending;
  /** Of the county's emergency desk; "" where nobody wrote it down. */
  readonly phone: string;
  readonly offline: boolean;
  readonly onSend: () => void;
}

export function SendBar({ green, lacks, sending, phone, offline, onSend }: Props) {
  const { t } = useTranslation();
  const down = offline || sending.waits;
  const command =
    lacks[0] === undefined
      ? ({ name: "send", allowed: true } as const)
      : ({ name: "send", allowed: false, reason: t(`refer.lack.${lacks[0]}`) } as const);
  return (
    <div className="rf-send">
      {down && <Down waits={sending.waits} phone={phone} />}
      <Refused sending={sending} onRetry={onSend} />
      <span className="rf-hint">{t(green ? "refer.send.later" : "refer.send.plain")}</span>
      <CommandButton
        command={command}
        icon={SendIcon}
        pending={sending.pending}
        look={{ type: "primary", size: "large", block: true, danger: green }}
        onRun={onSend}
      >
        {t(green ? "refer.send.now" : "refer.send.go")}
      </CommandButton>
      {!down && <CallFirst phone={phone} />}
    </div>
  );
}
