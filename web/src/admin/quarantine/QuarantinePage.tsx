/** `/quarantine`: what nobody could say at once: whose study, which centre, what object. Each waits with a clock. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { tasks } from "../../api/resources/overview.ts";
import { studies } from "../../api/resources/studies.ts";
import type { Study, Task } from "../../api/types.ts";
import { DataTable, type Column } from "../../ui/DataTable.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { StageClock } from "../../ui/StageClock.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { useScreen } from "../../ui/useScreen.ts";
import { When } from "../../ui/When.tsx";
import "../admin.css";
import { SetAsidePanel } from "./SetAsidePanel.tsx";
import { StudyDetail } from "./StudyDetail.tsx";

const DOUBTFUL = { state: "quarantined,unrouted" };

function dueOf(study: Study, open: readonly Task[]): string | null {
  return open.find(({ subject }) => subject.id === study.order_id)?.due_at ?? null;
}

/** The clock of the item of work; somebody else's item has its clock with them. */
function Until({ due }: { due: string | null }) {
  if (due === null) return <span className="mut">–</span>;
  return <StageClock limit={{ due_at: due, limit_minutes: null }} />;
}

function useColumns(open: readonly Task[]): readonly Column<Study>[] {
  const { t, i18n } = useTranslation();
  return [
    {
      key: "left",
      title: t("admin.quarantine.left"),
      cell: (study) => <Until due={dueOf(study, open)} />,
    },
    {
      key: "said",
      title: t("admin.quarantine.field.said"),
      cell: ({ dicom_patient }) => <b>{dicom_patient.name || t("admin.quarantine.notSaid")}</b>,
    },
    {
      key: "what",
      title: t("admin.quarantine.study"),
      cell: ({ modalities, description }) => `${modalities.join(" ")} ${description ?? ""}`,
      fluid: true,
    },
    { key: "from", title: t("admin.quarantine.from"), cell: ({ organization }) => organization.name },
    {
      key: "why",
      title: t("admin.quarantine.why"),
      fluid: true,
      cell: ({ reason, state }) => (
        <Tag tone="due">
          {(i18n.language === "en" ? reason?.en : reason?.zh) ??
            t(state === "unrouted" ? "ui.order.unrouted" : "ui.order.quarantined")}
        </Tag>
      ),
    },
    { key: "at", title: t("admin.quarantine.at"), cell: ({ received_at }) => <When at={received_at} /> },
  ];
}

function List({ chosen, onChoose }: { chosen: string | null; onChoose: (uid: string) => void }) {
  const { t, i18n } = useTranslation();
  const doubtful = useQuery(studies.list(DOUBTFUL));
  const open = useQuery(tasks.mine).data?.items ?? [];
  const columns = useColumns(open);
  if (doubtful.isPending) return <SkeletonRows />;
  if (doubtful.isError) return <ProblemCard failure={doubtful.error} onRetry={() => void doubtful.refetch()} />;
  return (
    <DataTable
      label={t("admin.quarantine.title")}
      rows={doubtful.data.items}
      columns={columns}
      rowKey={({ uid }) => uid}
      selected={chosen}
      onSelect={({ uid }) => {
        onChoose(uid);
      }}
      onOpen={({ uid }) => {
        onChoose(uid);
      }}
      density="standard"
      card={(study) => (
        <>
          <span className="row">
            <b>{study.dicom_patient.name || t("admin.quarantine.notSaid")}</b>
            <span className="sp" />
            <Until due={dueOf(study, open)} />
          </span>
          <span className="sub s13">
            {study.modalities.join(" ")} {study.description} · {study.organization.name}
          </span>
          <span className="duec s13">{i18n.language === "en" ? study.reason?.en : study.reason?.zh}</span>
        </>
      )}
      empty={<EmptyState title={t("admin.quarantine.none")} text={t("admin.quarantine.noneText")} />}
    />
  );
}

export function QuarantinePage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const phone = useScreen() === "phone";
  const chosen = search.get("study");
  const doubtful = useQuery(studies.list(DOUBTFUL));
  const study = doubtful.data?.items.find(({ uid }) => uid === chosen) ?? null;
  const choose = (uid: string) => {
    setSearch({ study: uid }, { replace: !phone });
  };
  return (
    <div className="admin-columns">
      {!(phone && study !== null) && (
        <div className="col g12">
          <Panel
            title={t("admin.quarantine.title")}
            aside={doubtful.data && t("admin.quarantine.count", { count: doubtful.data.items.length })}
            flush
          >
            <List chosen={chosen} onChoose={choose} />
          </Panel>
          <SetAsidePanel />
        </div>
      )}
      {!(phone && study === null) && <StudyDetail study={study} />}
    </div>
  );
}
