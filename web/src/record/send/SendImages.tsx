/** Images for an order that exists: on their way, going on after a break, or again after a return. */
import { Button } from "antd";
import { CloudUpload, Route } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useUser } from "../../api/resources/session.ts";
import type { OrderDetail, Patient } from "../../api/types.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { Note } from "../../ui/Note.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { titleOf } from "../orderWords.ts";
import { Checklist } from "./Checklist.tsx";
import { ChosenPatient } from "./ChosenPatient.tsx";
import { ImagesPanel } from "./ImagesPanel.tsx";
import { EMPTY_DRAFT, firstStop } from "./model/draft.ts";
import { SendBar } from "./SendBar.tsx";
import { SendSteps } from "./SendSteps.tsx";
import { halt, isOver, ship, useShipments, type Shipment } from "./upload/shipments.ts";
import { useSituation } from "./useSituation.ts";
import { studiesOf } from "./model/series.ts";

function Under({ shipment }: { shipment: Shipment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const over = isOver(shipment);
  return (
    <section className="card card-body col send-bar">
      <Button
        type="primary"
        size="large"
        icon={<Route aria-hidden="true" />}
        onClick={() => void navigate(`/track/${shipment.order}`)}
      >
        {t("record.sending.follow")}
      </Button>
      <Button icon={<CloudUpload aria-hidden="true" />} onClick={() => void navigate("/send")}>
        {t("record.sending.another")}
      </Button>
      {!over && (
        <Button
          type="text"
          onClick={() => {
            halt(shipment.order);
          }}
        >
          {t("record.sending.halt")}
        </Button>
      )}
      <span className="s12 mut">{t(over ? "record.sending.after" : "record.sending.mayWalk")}</span>
    </section>
  );
}

function OrderSummary({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("record.order.title")} aside={order.number}>
      <div className="col">
        {order.state === "returned" && (
          <Note tone="due">{t("record.desk.quoted", { reason: order.return?.reason ?? "" })}</Note>
        )}
        <span>
          {titleOf(order, t)} · {t(`ui.priority.${order.priority}`)} · {order.centre?.name}
        </span>
        <span className="sub">{order.question}</span>
      </div>
    </Panel>
  );
}

export function SendImages({ order, patient }: { order: OrderDetail; patient: Patient }) {
  const { t } = useTranslation();
  const user = useUser();
  const shipment = useShipments().find((it) => it.order === order.id) ?? null;
  const situation = useSituation(patient, EMPTY_DRAFT, true);
  const shown = shipment === null ? situation : { ...situation, studies: studiesOf(shipment.pieces) };
  const send = () => {
    if (shipment === null && firstStop(situation.checks) === null)
      ship(order.id, user.id, patient.id, situation.gathering.pieces);
  };
  useKeys("desk", { submit: send });
  return (
    <div className="two-columns">
      <div className="col g12">
        <SendSteps at={shipment === null ? "images" : "send"} />
        <ChosenPatient patient={patient} onOther={null} />
        <OrderSummary order={order} />
        <ImagesPanel situation={shown} order={order.id} shipment={shipment} onOtherPatient={null} />
      </div>
      <aside className="col g12">
        {shipment === null && <Checklist checks={situation.checks} />}
        {shipment === null ? (
          <SendBar
            name={t("record.sending.send", { centre: order.centre?.name ?? t("record.sending.county") })}
            checks={situation.checks}
            pending={false}
            failure={null}
            onSend={send}
          />
        ) : (
          <Under shipment={shipment} />
        )}
      </aside>
    </div>
  );
}
