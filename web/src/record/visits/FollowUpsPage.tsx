/** `/follow-ups`: whom to call or visit, the next due first; what is late stands in a list of its own. */
import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { CalendarCheck, ChevronRight, House, HeartPulse, Phone, RotateCcw, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { followUps } from "../../api/resources/follow-ups.ts";
import type { FollowUp, FollowUpKind } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { RiskTier } from "../../ui/RiskTier.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { Due } from "./Due.tsx";
import { Controlled } from "./Saved.tsx";
import "./visits.css";

const SHOWN = ["open", "overdue", "done"] as const;
type Shown = (typeof SHOWN)[number];
const ICONS: Readonly<Record<FollowUpKind, LucideIcon>> = {
  call: Phone,
  visit: House,
  ecg: HeartPulse,
  review: RotateCcw,
};

function Row({ visit }: { visit: FollowUp }) {
  const { i18n } = useTranslation();
  const Icon = ICONS[visit.kind];
  return (
    <li data-row={visit.id}>
      <Link to={`/follow-ups/${visit.id}`} className="vs-row">
        <Icon aria-hidden="true" />
        <PatientName patient={visit.patient} />
        <span className="row vs-second">
          <span className="s13 sub">{i18n.language === "en" ? visit.words.en : visit.words.zh}</span>
          <RiskTier tier={visit.tier} />
          <Controlled assessment={visit.assessment} />
        </span>
        <span className="sp" />
        <Due visit={visit} />
        <ChevronRight aria-hidden="true" />
      </Link>
    </li>
  );
}

function Rows({ shown }: { shown: Shown }) {
  const { t } = useTranslation();
  const visits = useQuery(followUps.list({ state: shown }));
  if (visits.isPending) return <SkeletonRows rows={5} />;
  if (visits.isError) return <ProblemCard failure={visits.error} onRetry={() => void visits.refetch()} />;
  if (visits.data.items.length === 0)
    return <EmptyState icon={CalendarCheck} title={t(`visits.none.${shown}`)} text={t("visits.noneText")} />;
  return (
    <ul className="items" aria-label={t("visits.title")}>
      {visits.data.items.map((visit) => (
        <Row key={visit.id} visit={visit} />
      ))}
    </ul>
  );
}

export function FollowUpsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const shown: Shown = SHOWN.find((each) => each === search.get("state")) ?? "open";
  const visits = useQuery(followUps.list({ state: shown }));
  const late = visits.data?.overdue ?? 0;
  return (
    <Panel
      title={t("visits.title")}
      aside={late > 0 ? <span className="overc">{t("visits.lateCount", { count: late })}</span> : t("visits.sorted")}
      flush
      actions={
        <Segmented<Shown>
          value={shown}
          onChange={(state) => {
            setSearch(state === "open" ? {} : { state }, { replace: true });
          }}
          options={SHOWN.map((value) => ({ value, label: t(`visits.shown.${value}`) }))}
        />
      }
    >
      <Rows shown={shown} />
    </Panel>
  );
}
