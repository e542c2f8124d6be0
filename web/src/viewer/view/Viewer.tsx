/** The images of a study: found, opened, or said what they are instead. */
import { useQuery } from "@tanstack/react-query";
import { FileQuestionMark } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { studies } from "../../api/resources/studies.ts";
import type { StudyDetail } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { Documents } from "./Documents.tsx";
import { Panes } from "./Panes.tsx";
import { seriesOf, type SeriesView } from "./series.ts";
import "./viewer.css";

interface Props {
  readonly study: string;
  /** The name in the picture's corner. */
  readonly corner: string;
  /** A study of before, to be laid beside. */
  readonly prior?: string | null;
}

export function Viewer({ study, corner, prior = null }: Props) {
  const { t } = useTranslation();
  const now = useQuery(studies.detail(study));
  const old = useQuery({ ...studies.detail(prior ?? ""), enabled: prior !== null });
  if (now.isPending) return <div className="viewer" role="status" aria-label={t("viewer.opening")} />;
  if (now.isLoadingError)
    return (
      <div className="page-pad">
        <ProblemCard failure={now.error} safe={t("viewer.safe")} onRetry={() => void now.refetch()} />
      </div>
    );
  return <Opened key={study} study={now.data} before={old.data ?? null} corner={corner} />;
}

const withPictures = (series: readonly SeriesView[]) => series.filter(({ slices }) => slices.length > 0);

function Opened({ study, before, corner }: { study: StudyDetail; before: StudyDetail | null; corner: string }) {
  const { t } = useTranslation();
  const all = useMemo(() => seriesOf(study), [study]);
  const others = useMemo(() => (before === null ? [] : withPictures(seriesOf(before))), [before]);
  const shown = withPictures(all);
  const [first] = shown;
  if (first === undefined)
    return (
      <div className="viewer">
        <EmptyState icon={FileQuestionMark} title={t("viewer.noPictures")} text={t("viewer.noPicturesText")}>
          <Documents series={all} />
        </EmptyState>
      </div>
    );
  const heading = (uid: string) => {
    const of = uid === study.uid ? study : before;
    const when = of?.study_at ? `${civil(of.study_at).date} ${civil(of.study_at).time}` : "";
    return `${uid === study.uid ? t("viewer.now") : t("viewer.before")} ${when}`;
  };
  return (
    <Panes
      key={`${first.uid} ${before?.uid ?? ""}`}
      all={all}
      shown={shown}
      others={others}
      heading={heading}
      corner={corner}
    />
  );
}
