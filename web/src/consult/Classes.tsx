/** The classes at which I may look on: who teaches, when, never about whom. */
import { useQuery } from "@tanstack/react-query";
import { ChevronRight, GraduationCap } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { classes } from "../api/resources/classes.ts";
import type { Class } from "../api/types.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ProblemCard } from "../ui/ProblemNote.tsx";
import { SkeletonRows } from "../ui/Skeletons.tsx";
import { When } from "../ui/When.tsx";

function Row({ lesson }: { lesson: Class }) {
  const { t } = useTranslation();
  return (
    <li data-row={lesson.id}>
      <Link to={`/consults/${lesson.id}/class`} className="co-row">
        <span className={lesson.open ? "okc nw" : "sub nw"}>{t(`consult.state.${lesson.state}`)}</span>
        <b>
          {lesson.specialties.join(" ")} {t(`consult.service.${lesson.service}`)}
        </b>
        <span className="s13 sub co-second">
          {lesson.experts.map(({ name }) => name).join(" ")} · {lesson.to.name} · {lesson.from.name}
        </span>
        <span className="sp" />
        {lesson.begins_at !== null && (
          <b className="s13 nw">
            <When at={lesson.begins_at} />
          </b>
        )}
        <ChevronRight aria-hidden="true" />
      </Link>
    </li>
  );
}

export function Classes() {
  const { t } = useTranslation();
  const page = useQuery(classes.list);
  if (page.isPending) return <SkeletonRows rows={5} />;
  if (page.isError) return <ProblemCard failure={page.error} onRetry={() => void page.refetch()} />;
  if (page.data.items.length === 0)
    return <EmptyState icon={GraduationCap} title={t("consult.teaching.none")} text={t("consult.teaching.noneText")} />;
  return (
    <ul className="items" aria-label={t("consult.boxes.class")}>
      {page.data.items.map((lesson) => (
        <Row key={lesson.id} lesson={lesson} />
      ))}
    </ul>
  );
}
