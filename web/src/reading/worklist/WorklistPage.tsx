/** The worklist: the next right study, and never two readers on one. */
import { Button } from "antd";
import { Play } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useUser } from "../../api/resources/session.ts";
import type { Order } from "../../api/types.ts";
import { DataTable } from "../../ui/DataTable.tsx";
import { NewRowsBar } from "../../ui/NewRowsBar.tsx";
import { ProblemCard, ProblemNote } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { useScreen } from "../../ui/useScreen.ts";
import { ReturnDialog } from "../room/ReturnDialog.tsx";
import { columnsOf, OrderCard } from "./columns.tsx";
import { Empty, Legend } from "./Edges.tsx";
import { FilterBar } from "./FilterBar.tsx";
import { isCritical } from "./model.ts";
import { SidePanel } from "./SidePanel.tsx";
import { Tabs } from "./Tabs.tsx";
import { useWorklist, type Worklist } from "./useWorklist.ts";
import "./worklist.css";

function ClaimNext({ worklist, block = false }: { worklist: Worklist; block?: boolean }) {
  const { t } = useTranslation();
  const { next, claimNext } = worklist;
  return (
    <Button
      type="primary"
      icon={<Play aria-hidden="true" />}
      block={block}
      disabled={next === null}
      onClick={claimNext}
    >
      {t("reading.claimNext")}
    </Button>
  );
}

function Rows({ worklist, phone }: { worklist: Worklist; phone: boolean }) {
  const { t } = useTranslation();
  const me = useUser().id;
  const { list, filters, chosen, claim, select } = worklist;
  if (list.answer.data === undefined) return <SkeletonRows rows={12} />;
  const selecting = {
    selected: chosen?.id ?? null,
    onSelect: (order: Order) => {
      select(order.id);
    },
  };
  return (
    <DataTable
      label={t("reading.title")}
      rows={list.rows}
      columns={columnsOf(t, me, list.gone)}
      rowKey={({ id }) => id}
      card={(order) => <OrderCard order={order} me={me} />}
      {...(phone ? {} : selecting)}
      onOpen={phone ? claim.open : claim.claimOrOpen}
      isCritical={isCritical}
      empty={<Empty tab={filters.tab} done={list.answer.data.counts["final-today"]} />}
    />
  );
}

function Chosen({ worklist }: { worklist: Worklist }) {
  const { chosen, claim, failure, openChosen, askReturn, release } = worklist;
  if (chosen === null) return null;
  return (
    <SidePanel
      order={chosen}
      claiming={claim.pending.has(chosen.id)}
      failure={failure}
      onOpen={openChosen}
      onReturn={askReturn}
      onRelease={release}
    />
  );
}

export function WorklistPage() {
  const { t } = useTranslation();
  const phone = useScreen() === "phone";
  const worklist = useWorklist();
  const { list, filters, change } = worklist;
  const { answer } = list;
  if (answer.isError)
    return <ProblemCard failure={answer.error} safe={t("reading.safe")} onRetry={() => void answer.refetch()} />;
  return (
    <div className="wl">
      <Tabs
        counts={answer.data?.counts ?? null}
        tab={filters.tab}
        onTab={(tab) => {
          change({ tab });
        }}
      />
      <FilterBar filters={filters} onChange={change} rows={list.rows}>
        <ClaimNext worklist={worklist} />
      </FilterBar>
      <NewRowsBar of="study" count={list.waiting} onShow={list.showNew} />
      {phone && <ProblemNote failure={worklist.claim.failure} />}
      <div className="wl-body">
        <div className="wl-list">
          <div className="card wl-table">
            <Rows worklist={worklist} phone={phone} />
          </div>
          {!phone && <Legend />}
        </div>
        {!phone && <Chosen worklist={worklist} />}
      </div>
      {phone && (
        <div className="wl-next">
          <ClaimNext worklist={worklist} block />
        </div>
      )}
      <ReturnDialog order={worklist.returning} onClose={worklist.stopReturning} />
    </div>
  );
}
