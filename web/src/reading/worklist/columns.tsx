/** The worklist's columns on the desk, and its card on the phone: the same facts in the same order. */
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Order } from "../../api/types.ts";
import type { Column } from "../../ui/DataTable.tsx";
import { firstFlag, FlagTag, Holder, OrderStateTag } from "../../ui/orderTags.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { PriorityPlate } from "../../ui/Plate.tsx";
import { StageClock } from "../../ui/StageClock.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { countOf } from "./model.ts";

/** The clock of an order; what is finished says whether it was in time. */
export function OrderClock({ order, size = "row" }: { order: Order; size?: "row" | "box" }) {
  return <StageClock limit={{ ...order, done_at: order.final_at }} size={size} />;
}

/** Who it is; of a study that nobody matched, what the device wrote. */
export function Who({ order }: { order: Order }) {
  const { t } = useTranslation();
  if (order.patient !== null || order.dicom_patient === null) return <PatientName patient={order.patient} />;
  return (
    <span className="nw">
      {order.dicom_patient.name} <Tag tone="due">{t("reading.unmatched")}</Tag>
    </span>
  );
}

export function What({ order }: { order: Order }) {
  const { t } = useTranslation();
  const modality = order.modalities.join(" ") || t(`ui.kind.${order.kind}`);
  const title = order.title || order.question || "";
  return title.includes(modality) ? (
    <span>{title}</span>
  ) : (
    <span>
      {modality} <span className="sub">{title}</span>
    </span>
  );
}

function Hint({ order }: { order: Order }) {
  const flag = firstFlag(order.flags);
  if (flag !== null) return <FlagTag flag={flag} />;
  return order.return === null ? null : <span className="sub s12 ell">{order.return.reason}</span>;
}

export function columnsOf(t: TFunction, me: string, gone: ReadonlySet<string>): readonly Column<Order>[] {
  return [
    { key: "clock", title: t("reading.column.left"), width: 128, cell: (order) => <OrderClock order={order} /> },
    {
      key: "plate",
      title: t("reading.column.plate"),
      width: 48,
      cell: ({ priority }) => <PriorityPlate priority={priority} />,
    },
    {
      key: "holder",
      title: t("reading.column.holder"),
      width: 92,
      cell: (order) => <Holder by={order.claimed_by} me={me} />,
    },
    { key: "patient", title: t("reading.column.patient"), width: 128, cell: (order) => <Who order={order} /> },
    { key: "what", title: t("reading.column.what"), cell: (order) => <What order={order} /> },
    { key: "from", title: t("reading.column.from"), cell: ({ organization }) => organization.name },
    { key: "count", title: t("reading.column.count"), numeric: true, width: 64, cell: countOf },
    { key: "priors", title: t("reading.column.priors"), numeric: true, width: 48, cell: ({ priors }) => priors },
    { key: "hint", title: t("reading.column.hint"), cell: (order) => <Hint order={order} /> },
    {
      key: "state",
      title: t("reading.column.state"),
      width: 88,
      cell: (order) =>
        gone.has(order.id) ? <Tag tone="pause">{t("reading.left")}</Tag> : <OrderStateTag state={order.state} />,
    },
    {
      key: "number",
      title: t("reading.column.number"),
      width: 116,
      cell: ({ number }) => <span className="mut">{number}</span>,
    },
  ];
}

export function OrderCard({ order, me }: { order: Order; me: string }) {
  const { t } = useTranslation();
  const flag = firstFlag(order.flags);
  return (
    <>
      <span className="row">
        <PriorityPlate priority={order.priority} />
        <Who order={order} />
        <span className="sp" />
        <OrderClock order={order} />
      </span>
      <span className="row">
        <span className="ell sp">
          <What order={order} />
          {t("reading.comma")}
          {order.organization.name}
        </span>
        <Holder by={order.claimed_by} me={me} />
      </span>
      {(flag !== null || order.state === "receiving" || order.state === "returned") && (
        <span className="row">{flag === null ? <OrderStateTag state={order.state} /> : <FlagTag flag={flag} />}</span>
      )}
    </>
  );
}
