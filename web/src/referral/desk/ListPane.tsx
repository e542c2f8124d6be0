/** The left pane: boxes with their counts, list or board, the department, and the tickets in order. */
import { Select } from "antd";
import { Scale } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Referral } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { NewRowsBar } from "../../ui/NewRowsBar.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { ViewSwitch } from "../ViewSwitch.tsx";
import { QueueRow } from "./QueueRow.tsx";
import type { Desk } from "./useDesk.ts";

function Boxes({ desk }: { desk: Desk }) {
  const { t } = useTranslation();
  const counts = desk.list.data?.counts ?? {};
  return (
    <div className="rf-boxes" role="group" aria-label={t("referral.boxes")}>
      {desk.boxes.map((box) => (
        <button
          key={box}
          type="button"
          aria-pressed={desk.box === box}
          onClick={() => {
            desk.change("box", box === desk.boxes[0] ? "" : box);
          }}
        >
          {t(`referral.box.${box}`)} {(counts[box] ?? 0) > 0 && <span className="rf-count">{counts[box]}</span>}
        </button>
      ))}
    </div>
  );
}

function Filters({ desk }: { desk: Desk }) {
  const { t } = useTranslation();
  const { department, departments } = desk;
  const names = department === "" || departments.includes(department) ? departments : [department, ...departments];
  return (
    <div className="rf-filters">
      <ViewSwitch view="list" />
      <span className="sp" />
      <Select
        aria-label={t("referral.department")}
        value={department}
        style={{ minWidth: 132 }}
        options={[
          { value: "", label: t("referral.allDepartments") },
          ...names.map((value) => ({ value, label: value })),
        ]}
        onChange={(value) => {
          desk.change("department", value);
        }}
      />
    </div>
  );
}

interface Props {
  readonly desk: Desk;
  readonly onOpen: (ticket: Referral) => void;
  readonly phone: boolean;
}

function Rows({ desk, onOpen, phone }: Props) {
  const { t } = useTranslation();
  if (desk.list.data === undefined) return <SkeletonRows rows={8} />;
  if (desk.rows.length === 0)
    return <EmptyState title={t(`referral.empty.${desk.box}`)} text={t("referral.emptyText")} />;
  return (
    <ol className="rf-rows" aria-label={t(`referral.box.${desk.box}`)}>
      {desk.rows.map((ticket) => (
        <QueueRow
          key={ticket.id}
          ticket={ticket}
          chosen={!phone && ticket.id === desk.chosen}
          gone={desk.gone.has(ticket.id)}
          onSelect={() => {
            if (!phone && ticket.id !== desk.chosen) desk.select(ticket);
          }}
          onOpen={() => {
            onOpen(ticket);
          }}
        />
      ))}
    </ol>
  );
}

export function ListPane(props: Props) {
  const { desk, phone } = props;
  const { t } = useTranslation();
  return (
    <section className="card rf-list" aria-label={t("referral.list_")}>
      <Boxes desk={desk} />
      {!phone && <Filters desk={desk} />}
      <NewRowsBar of="ticket" count={desk.waiting} onShow={desk.showNew} />
      <div className="rf-scroll">
        <Rows {...props} />
      </div>
      {desk.version !== null && (
        <p className="rf-foot s12 mut">
          <Scale aria-hidden="true" />
          {t("referral.ruled", { version: desk.version })}
        </p>
      )}
    </section>
  );
}
