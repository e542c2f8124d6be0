/** What leaves this computer now, and what waits for its files to be chosen again. */
import { useQuery } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { FolderOpen, WifiOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { useUser } from "../../api/resources/session.ts";
import { Note } from "../../ui/Note.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { forget, unfinishedOf, type Unfinished } from "../send/upload/ledger.ts";
import { isOver, tallyOf, useShipments, type Shipment } from "../send/upload/shipments.ts";

function OrderName({ id }: { id: string }) {
  const { t } = useTranslation();
  const order = useQuery(readingOrders.detail(id));
  if (order.data === undefined) return <b>{t("record.sending.oneOrder")}</b>;
  return (
    <Link to={`/track/${id}`}>
      <b>{order.data.patient?.name ?? order.data.number}</b> · {t(`ui.kind.${order.data.kind}`)}
    </Link>
  );
}

export function ShipmentLine({ shipment }: { shipment: Shipment }) {
  const { t } = useTranslation();
  const { total, there, bytes, sentBytes } = tallyOf(shipment);
  const percent = bytes === 0 ? 100 : Math.floor((sentBytes / bytes) * 100);
  return (
    <div className="col g4" role="status">
      <span className="row">
        <OrderName id={shipment.order} />
        <span className="sp" />
        <span className="s13 nw">{t("record.sending.progress", { there, total })}</span>
      </span>
      <Progress percent={percent} showInfo={false} size="small" aria-label={t("record.sending.percent", { percent })} />
      {shipment.line !== "ok" && !isOver(shipment) && (
        <Note tone="due" icon={WifiOff}>
          {t(shipment.line === "cut" ? "record.sending.cut" : "record.sending.signedOut", { there })}
        </Note>
      )}
    </div>
  );
}

function UnfinishedLine({ entry }: { entry: Unfinished }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const order = useQuery(readingOrders.detail(entry.order));
  // Not hers any more, or cancelled: nothing to go on with.
  if (order.isError) return null;
  return (
    <div className="col g4">
      <OrderName id={entry.order} />
      <span className="s13 sub">{t("record.sending.before", { done: entry.done.length, total: entry.total })}</span>
      <span className="row">
        <Button
          size="small"
          type="primary"
          icon={<FolderOpen aria-hidden="true" />}
          onClick={() => void navigate(`/send?order=${entry.order}`)}
        >
          {t("record.sending.chooseAgain")}
        </Button>
        <Button
          size="small"
          type="link"
          onClick={() => {
            forget(entry.order);
            void order.refetch();
          }}
        >
          {t("record.sending.giveUp")}
        </Button>
      </span>
    </div>
  );
}

export function SendingPanel() {
  const { t } = useTranslation();
  const user = useUser();
  const shipments = useShipments();
  const under = shipments.filter((shipment) => !isOver(shipment));
  const left = unfinishedOf(user.id).filter(({ order }) => !shipments.some((shipment) => shipment.order === order));
  if (under.length === 0 && left.length === 0) return null;
  return (
    <Panel title={t("record.sending.title")}>
      <div className="col g16">
        {under.map((shipment) => (
          <ShipmentLine key={shipment.order} shipment={shipment} />
        ))}
        {left.map((entry) => (
          <UnfinishedLine key={entry.order} entry={entry} />
        ))}
        <span className="s12 mut">{t("record.sending.safe")}</span>
      </div>
    </Panel>
  );
}
