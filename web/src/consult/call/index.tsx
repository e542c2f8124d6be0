/** What stays of a call, below its consult: the recording with the chat beside it, who was there, what was looked at. */
import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { monotonic } from "../../api/clock.ts";
import { consults } from "../../api/resources/consults.ts";
import type { CallRecord, ConsultDetail, Recording } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Note } from "../../ui/Note.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import "./call.css";
import { Chat } from "./Chat.tsx";
import { Looks } from "./Looks.tsx";
import { People } from "./People.tsx";
import { Player } from "./player.ts";
import { Recordings } from "./Recordings.tsx";
import type { Shown } from "./shown.ts";
import { layOut } from "./timeline.ts";
import { isRefused, isRunning, staysOf } from "./words.ts";

function Kept({ consult, call }: { consult: ConsultDetail; call: CallRecord }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Shown | null>(null);
  const open = (recording: Recording) => {
    const player = new Player(layOut(recording.tracks), monotonic);
    setShown({ recording, player });
    player.toggle();
  };
  return (
    <div className="ck">
      {isRunning(consult) && <Note tone="info">{t("call.live")}</Note>}
      <div className="ck-cols">
        <div className="col g16">
          <Recordings consult={consult} shown={shown} onOpen={open} />
        </div>
        <Chat messages={call.messages} shown={shown} />
      </div>
      <div className="ck-facts">
        <People people={call.people} lines={call.lines} />
        <Looks looks={call.looks} />
      </div>
    </div>
  );
}

export function CallKept({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  const call = useQuery({ ...consults.call(consult.id), ...staysOf(consult) });
  if (call.isPending) return <SkeletonRows rows={5} />;
  if (isRefused(call.error))
    return <EmptyState icon={ShieldCheck} title={t("call.notYours")} text={t("call.notYoursNext")} />;
  if (call.isLoadingError)
    return <ProblemCard failure={call.error} safe={t("call.safe")} onRetry={() => void call.refetch()} />;
  return <Kept consult={consult} call={call.data} />;
}
