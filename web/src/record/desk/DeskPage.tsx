/** `/desk`: at one glance what is late, what waits for me, where my patients are. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { civil, longDay, now } from "../../api/clock.ts";
import { overview } from "../../api/resources/overview.ts";
import type { Overview, OverviewTask } from "../../api/types.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { CriticalBand } from "../../ui/CriticalBand.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { StageClock } from "../../ui/StageClock.tsx";
import "../record.css";
import { DueVisits, Homecoming } from "./Coming.tsx";
import { Counters } from "./Counters.tsx";
import { Moving } from "./Moving.tsx";
import { SendingPanel } from "./SendingPanel.tsx";
import { UnreadList } from "./UnreadList.tsx";
import { Ways } from "./Ways.tsx";

/** A critical value that nobody here has answered: one band each, with its clock. */
function CriticalValues({ desk }: { desk: Overview }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const values = desk.tasks.filter(({ kind }) => kind === CRITICAL);
  const asked = new Set(values.map(({ subject_id }) => subject_id));
  const results = desk.unread_reports.filter(({ critical, order_id }) => critical && !asked.has(order_id));
  return (
    <>
      {values.map((task) => (
        <CriticalBand
          key={task.id}
          title={(i18n.language === "en" ? task.en : task.zh).replace(OWN_WORD, "")}
          text={t("record.desk.criticalDue", { time: civil(task.due_at).time })}
          due_at={task.due_at}
        >
          <Button onClick={() => void navigate(`/track/${task.subject_id}`)}>{t("record.desk.openAndSign")}</Button>
        </CriticalBand>
      ))}
      {results.map((report) => (
        <CriticalBand
          key={report.id}
          title={`${report.patient_name ?? report.order_number} · ${report.impression}`}
          text={t("record.desk.criticalText", { number: report.order_number })}
          due_at={null}
        >
          <Button onClick={() => void navigate(`/results/${report.id}`)}>{t("record.desk.openAndSign")}</Button>
        </CriticalBand>
      ))}
    </>
  );
}

const CRITICAL = "critical-value";
// The band says it already.
const OWN_WORD = /^(危急值：|critical value: )/;
const LEADS: Readonly<Record<string, (id: string) => string>> = {
  "reading-orders": (id) => `/track/${id}`,
  referrals: (id) => `/referrals/${id}`,
  "follow-ups": (id) => `/follow-ups/${id}`,
  patients: (id) => `/patients/${id}`,
};

function Tasks({ tasks }: { tasks: readonly OverviewTask[] }) {
  const { t, i18n } = useTranslation();
  // Visits stand in a list of their own, with whom they are about.
  const open = tasks.filter(({ kind, subject_kind }) => kind !== CRITICAL && subject_kind !== "follow-ups");
  if (open.length === 0) return null;
  return (
    <Panel title={t("record.desk.tasks")} aside={t("record.desk.tasksHint", { count: open.length })} flush>
      <ul className="items">
        {open.map((task) => {
          const words = i18n.language === "en" ? task.en : task.zh;
          const lead = LEADS[task.subject_kind];
          return (
            <li key={task.id} className="task">
              <span className="sp">{lead === undefined ? words : <Link to={lead(task.subject_id)}>{words}</Link>}</span>
              <StageClock limit={{ due_at: task.due_at, limit_minutes: null }} />
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function Desk({ desk }: { desk: Overview }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="two-columns">
      <div className="col g12">
        <CriticalValues desk={desk} />
        <Ways />
        <Counters overview={desk} />
        <Moving moving={desk.moving} />
        <Panel
          title={t("record.desk.unread")}
          aside={t("record.desk.unreadHint", { count: desk.unread })}
          flush
          actions={<Link to="/results">{t("record.desk.allResults")}</Link>}
        >
          <UnreadList reports={desk.unread_reports.slice(0, 6)} />
        </Panel>
      </div>
      <aside className="col g12">
        <Panel title={t("record.desk.today")} aside={longDay(now(), i18n.language)}>
          <p className="s13 sub">{t("record.desk.todayText", { sending: desk.sending, reading: desk.reading })}</p>
        </Panel>
        <Homecoming />
        <DueVisits />
        <SendingPanel />
        <Tasks tasks={desk.tasks} />
      </aside>
    </div>
  );
}

export function DeskPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const desk = useQuery(overview.counters);
  useKeys("desk", { send: () => void navigate("/send"), refer: () => void navigate("/refer/new") });
  if (desk.data !== undefined) return <Desk desk={desk.data} />;
  if (desk.isLoadingError)
    return <ProblemCard failure={desk.error} safe={t("record.desk.safe")} onRetry={() => void desk.refetch()} />;
  return <SkeletonRows />;
}
