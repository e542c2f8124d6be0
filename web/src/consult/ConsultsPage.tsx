/** `/consults`: what we asked, what is asked of us, what is mine to answer; the next deadline first. */
import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { ChevronRight, MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { consults } from "../api/resources/consults.ts";
import { sessions } from "../api/resources/session.ts";
import type { Consult } from "../api/types.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { Panel } from "../ui/Panel.tsx";
import { PatientName } from "../ui/Patient.tsx";
import { ProblemCard } from "../ui/ProblemNote.tsx";
import { SkeletonRows } from "../ui/Skeletons.tsx";
import { When } from "../ui/When.tsx";
import { Classes } from "./Classes.tsx";
import "./consult.css";
import { Ways } from "./Ways.tsx";

const BOXES = ["out", "in", "mine", "class", "closed"] as const;
type Box = (typeof BOXES)[number];

function Row({ consult }: { consult: Consult }) {
  const { t } = useTranslation();
  return (
    <li data-row={consult.id}>
      <Link to={`/consults/${consult.id}`} className="co-row">
        <span className={consult.overdue ? "overc nw" : "sub nw"}>{t(`consult.state.${consult.state}`)}</span>
        <PatientName patient={consult.patient} />
        <span className="s13 sub co-second">
          {t(`consult.urgency.${consult.urgency}`)} · {consult.specialties.join(" ")} · {consult.purpose}
        </span>
        <span className="sp" />
        {consult.begins_at !== null && consult.state === "scheduled" ? (
          <b className="s13 nw">
            <When at={consult.begins_at} />
          </b>
        ) : null}
        {consult.deadline_at !== null && (
          <span className="s13 mut nw">
            {t("consult.fact.due")} <When at={consult.deadline_at} />
          </span>
        )}
        <ChevronRight aria-hidden="true" />
      </Link>
    </li>
  );
}

function Rows({ box }: { box: Exclude<Box, "class"> }) {
  const { t } = useTranslation();
  const page = useQuery(consults.list({ box }));
  if (page.isPending) return <SkeletonRows rows={5} />;
  if (page.isError) return <ProblemCard failure={page.error} onRetry={() => void page.refetch()} />;
  if (page.data.items.length === 0)
    return <EmptyState icon={MessagesSquare} title={t("consult.none")} text={t("consult.noneText")} />;
  return (
    <ul className="items" aria-label={t("consult.title")}>
      {page.data.items.map((consult) => (
        <Row key={consult.id} consult={consult} />
      ))}
    </ul>
  );
}

/** A township looks at what it asked, a hospital at what it is asked. */
function useFirstBox(): Box {
  const roles = useQuery(sessions.current).data?.user.roles ?? [];
  return roles.some(({ role }) => role === "township-doctor" || role === "family-doctor") ? "out" : "in";
}

export function ConsultsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const first = useFirstBox();
  const box = BOXES.find((each) => each === search.get("box")) ?? first;
  return (
    <div className="col g12">
      <Ways />
      <Panel
        title={t("consult.title")}
        aside={t("consult.sorted")}
        flush
        actions={
          <Segmented<Box>
            value={box}
            onChange={(value) => {
              setSearch({ box: value }, { replace: true });
            }}
            options={BOXES.map((value) => ({ value, label: t(`consult.boxes.${value}`) }))}
          />
        }
      >
        {box === "class" ? <Classes /> : <Rows box={box} />}
      </Panel>
    </div>
  );
}
