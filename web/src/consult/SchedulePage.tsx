/** `/consults/schedule?day=`: what is arranged on a day, in the order of the clock; who comes, from where, how far it is. */
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { ChevronLeft, ChevronRight, CalendarDays } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { civil, instant, now } from "../api/clock.ts";
import { consults } from "../api/resources/consults.ts";
import type { Consult } from "../api/types.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { Panel } from "../ui/Panel.tsx";
import { PatientName } from "../ui/Patient.tsx";
import { ProblemCard } from "../ui/ProblemNote.tsx";
import { SkeletonRows } from "../ui/Skeletons.tsx";
import "./consult.css";
import { dayAfter, hoursOf } from "./times.ts";
import { Ways } from "./Ways.tsx";

type Arranged = Consult & { readonly begins_at: string; readonly ends_at: string };

function isArranged(consult: Consult): consult is Arranged {
  return consult.begins_at !== null && consult.ends_at !== null;
}

function Row({ consult }: { consult: Arranged }) {
  const { t } = useTranslation();
  return (
    <li>
      <Link to={`/consults/${consult.id}`} className="co-row">
        <b className="nw">{hoursOf(consult)}</b>
        <PatientName patient={consult.patient} />
        <span className="s13 sub co-second">
          {consult.experts.map(({ name }) => name).join(" ")} · {consult.specialties.join(" ")} · {consult.from.name}
        </span>
        <span className="sp" />
        <span className="sub nw">{t(`consult.state.${consult.state}`)}</span>
        <ChevronRight aria-hidden="true" />
      </Link>
    </li>
  );
}

function Rows({ day }: { day: string }) {
  const { t } = useTranslation();
  const page = useQuery(consults.list({ day, limit: 200 }));
  if (page.isPending) return <SkeletonRows rows={5} />;
  if (page.isError) return <ProblemCard failure={page.error} onRetry={() => void page.refetch()} />;
  const arranged = page.data.items.filter(isArranged).toSorted((a, b) => instant(a.begins_at) - instant(b.begins_at));
  if (arranged.length === 0)
    return <EmptyState icon={CalendarDays} title={t("consult.schedule.none")} text={t("consult.schedule.noneText")} />;
  return (
    <ul className="items" aria-label={t("consult.schedule.title")}>
      {arranged.map((consult) => (
        <Row key={consult.id} consult={consult} />
      ))}
    </ul>
  );
}

export function SchedulePage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const day = search.get("day") ?? civil(now()).date;
  const go = (to: string) => {
    if (to !== "") setSearch({ day: to }, { replace: true });
  };
  return (
    <div className="col g12">
      <Ways />
      <Panel
        title={t("consult.schedule.title")}
        flush
        actions={
          <span className="row">
            <Button
              icon={<ChevronLeft aria-hidden="true" />}
              aria-label={t("consult.schedule.before")}
              onClick={() => {
                go(dayAfter(day, -1));
              }}
            />
            <Input
              type="date"
              aria-label={t("consult.schedule.day")}
              value={day}
              onChange={(event) => {
                go(event.target.value);
              }}
            />
            <Button
              icon={<ChevronRight aria-hidden="true" />}
              aria-label={t("consult.schedule.after")}
              onClick={() => {
                go(dayAfter(day, 1));
              }}
            />
          </span>
        }
      >
        <Rows day={day} />
      </Panel>
    </div>
  );
}
