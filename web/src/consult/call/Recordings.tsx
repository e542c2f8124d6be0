/** What was recorded: when, who agreed, until when it is kept, and the player of the one that was opened. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Play, ShieldCheck, VideoOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { civil, instant } from "../../api/clock.ts";
import { consults } from "../../api/resources/consults.ts";
import type { ConsultDetail, Recording } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Note } from "../../ui/Note.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { useSpanText } from "../../ui/useSpanText.ts";
import { PlayerPane } from "./PlayerPane.tsx";
import type { Shown } from "./shown.ts";
import { hoursOf, isRefused, recordingWordOf, staysOf, whyEnded } from "./words.ts";

function Head({ recording }: { recording: Recording }) {
  const { t } = useTranslation();
  const { words } = useSpanText();
  const { started_at, ended_at } = recording;
  const why = whyEnded(recording);
  const begins = civil(started_at);
  return (
    <div className="row wrap">
      <b className="nw">
        {begins.date} {ended_at === null ? begins.time : hoursOf(started_at, ended_at)}
      </b>
      {ended_at !== null && <span className="nw">{words(instant(ended_at) - instant(started_at))}</span>}
      <span className="mut s13">
        {[t("call.recording.by", { name: recording.by.name }), why === null ? "" : t(`call.recording.why.${why}`)]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </div>
  );
}

function Consents({ consents }: Pick<Recording, "consents">) {
  const { t } = useTranslation();
  const timeOf = (at: string | null) => (at === null ? "" : civil(at).time);
  return (
    <dl className="dl">
      <dt>{t("call.recording.consented")}</dt>
      <dd>
        {consents.map(({ person, name, agreed_at, withdrawn_at }) => (
          <span key={person} className="ck-consent">
            {t("call.recording.agreed", { name, time: timeOf(agreed_at) })}
            {withdrawn_at !== null && (
              <span className="duec"> {t("call.recording.withdrew", { name: "", time: timeOf(withdrawn_at) })}</span>
            )}
          </span>
        ))}
      </dd>
    </dl>
  );
}

function Until({ recording }: { recording: Recording }) {
  const { t } = useTranslation();
  const until = civil(recording.destroy_after).date;
  if (recording.destroyed_at === null) return <p className="mut s13">{t("call.recording.kept", { until })}</p>;
  return <Note tone="plain">{t("call.recording.destroyed", { until, at: civil(recording.destroyed_at).date })}</Note>;
}

function Way({ recording, onOpen }: { recording: Recording; onOpen: (recording: Recording) => void }) {
  const { t } = useTranslation();
  const word = recordingWordOf(recording);
  if (word === "destroyed") return null;
  if (word !== "playable") return <p className="mut s13">{t(`call.recording.${word}`)}</p>;
  return (
    <div className="row wrap">
      <Button
        type="primary"
        icon={<Play aria-hidden="true" />}
        onClick={() => {
          onOpen(recording);
        }}
      >
        {t("call.recording.play")}
      </Button>
      <span className="mut s13">{t("call.recording.audited")}</span>
    </div>
  );
}

interface Props {
  readonly consult: ConsultDetail;
  readonly shown: Shown | null;
  readonly onOpen: (recording: Recording) => void;
}

export function Recordings({ consult, shown, onOpen }: Props) {
  const { t } = useTranslation();
  const recordings = useQuery({ ...consults.recordings(consult.id), ...staysOf(consult) });
  if (recordings.isPending) return <SkeletonRows rows={3} />;
  if (isRefused(recordings.error))
    return <EmptyState icon={ShieldCheck} title={t("call.notYours")} text={t("call.notYoursNext")} />;
  if (recordings.isLoadingError)
    return <ProblemCard failure={recordings.error} safe={t("call.safe")} onRetry={() => void recordings.refetch()} />;
  const { items } = recordings.data;
  if (items.length === 0)
    return <EmptyState icon={VideoOff} title={t("call.recording.none")} text={t("call.recording.noneText")} />;
  return items.map((recording) => (
    <section key={recording.id} className="ck-recording" aria-label={t("call.recording.title")}>
      <Head recording={recording} />
      {shown?.recording.id === recording.id ? (
        <PlayerPane key={recording.id} shown={shown} />
      ) : (
        <Way recording={recording} onOpen={onOpen} />
      )}
      <Consents consents={recording.consents} />
      <Until recording={recording} />
    </section>
  ));
}
