/** `/results`: what came back and nobody here has acknowledged, then what was issued before. */
import { useQuery } from "@tanstack/react-query";
import { MailOpen } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { reports } from "../../api/resources/reports.ts";
import type { Order } from "../../api/types.ts";
import { DataTable, type Column } from "../../ui/DataTable.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { When } from "../../ui/When.tsx";
import { UnreadList } from "../desk/UnreadList.tsx";
import { titleOf } from "../orderWords.ts";
import "../record.css";

function Issued() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const issued = useQuery(readingOrders.list({ state: "final,amending" }));
  const columns: readonly Column<Order>[] = [
    { key: "patient", title: t("record.column.patient"), cell: ({ patient }) => <PatientName patient={patient} /> },
    { key: "what", title: t("record.column.what"), cell: (order) => titleOf(order, t), fluid: true },
    { key: "number", title: t("record.column.number"), cell: ({ number }) => number },
    { key: "reader", title: t("record.column.reader"), cell: ({ reader, centre }) => reader?.name ?? centre?.name },
    {
      key: "at",
      title: t("record.column.issued"),
      cell: ({ final_at }) => (final_at === null ? "–" : <When at={final_at} />),
    },
  ];
  if (issued.isPending) return <SkeletonRows />;
  if (issued.isLoadingError) return <ProblemCard failure={issued.error} onRetry={() => void issued.refetch()} />;
  return (
    <DataTable
      label={t("record.results.issued")}
      rows={issued.data.items}
      columns={columns}
      rowKey={({ id }) => id}
      density="standard"
      onOpen={({ id }) => void navigate(`/track/${id}`)}
      card={(order) => (
        <>
          <span className="row">
            <PatientName patient={order.patient} />
            <span className="sp" />
            {order.final_at !== null && <When at={order.final_at} />}
          </span>
          <span className="sub s13">
            {titleOf(order, t)} · {order.number}
          </span>
        </>
      )}
      empty={<EmptyState icon={MailOpen} title={t("record.results.noneIssued")} />}
    />
  );
}

export function ResultsPage() {
  const { t } = useTranslation();
  const unread = useQuery(reports.unread);
  return (
    <div className="col g12">
      <Panel
        title={t("record.desk.unread")}
        aside={unread.data && t("record.desk.unreadHint", { count: unread.data.items.length })}
        flush
      >
        {unread.isPending && <SkeletonRows rows={3} />}
        {unread.isLoadingError && <ProblemCard failure={unread.error} onRetry={() => void unread.refetch()} />}
        {unread.data && <UnreadList reports={unread.data.items} />}
      </Panel>
      <Panel title={t("record.results.issued")} flush>
        <Issued />
      </Panel>
    </div>
  );
}
