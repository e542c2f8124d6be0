/** `/track/:order`: one study's way, upright; who has it, until when, whom to call; the report when it is there. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { CloudUpload, MessagesSquare, Phone } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { instant } from "../../api/clock.ts";
import { mayRun } from "../../api/commands.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { reports } from "../../api/resources/reports.ts";
import { sessions } from "../../api/resources/session.ts";
import type { OrderDetail } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { FlagTag, OrderStateTag } from "../../ui/orderTags.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PatientBanner } from "../../ui/Patient.tsx";
import { PriorityPlate } from "../../ui/Plate.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { Deadline } from "../../ui/StageClock.tsx";
import { Tracker } from "../../ui/Tracker.tsx";
import { useNow } from "../../ui/useNow.ts";
import { useSpanText } from "../../ui/useSpanText.ts";
import { ShipmentLine } from "../desk/SendingPanel.tsx";
import { inWords, titleOf } from "../orderWords.ts";
import "../record.css";
import { ReportCard } from "../results/ReportCard.tsx";
import { isOver, useShipments } from "../send/upload/shipments.ts";
import { CancelButton } from "./CancelButton.tsx";
import { ResendButton } from "./ResendButton.tsx";
import { imagesOf, stepsOf } from "./steps.ts";

function Late({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  const span = useSpanText();
  const done = ["final", "returned", "cancelled", "amending"].includes(order.state);
  if (done || order.due_at === null || instant(order.due_at) >= now) return null;
  return (
    <Note tone="over">
      {t("record.track.late", { span: span.words(now - instant(order.due_at)), centre: order.contact.name })}
    </Note>
  );
}

const TROUBLES = {
  quarantined: "record.track.quarantined",
  unrouted: "record.track.unrouted",
  amending: "record.track.amending",
  "cancel-requested": "record.track.cancelRequested",
} as const;

function isTrouble(state: string): state is keyof typeof TROUBLES {
  return Object.hasOwn(TROUBLES, state);
}

/** Whose study it is may be said by those who sent it, too. */
function CompareLink({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const may = mayRun(order, "match");
  if (!may || order.study_uid === null) return null;
  return <Link to={`/quarantine?study=${order.study_uid}`}>{t("record.track.compare")}</Link>;
}

function Returned({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  return (
    <Note tone="due">
      <div className="col">
        <b>{t("record.track.returned", { centre: order.centre?.name ?? "" })}</b>
        <span>{t("record.desk.quoted", { reason: order.return?.reason ?? "" })}</span>
        <span>
          <ResendButton order={order} />
        </span>
      </div>
    </Note>
  );
}

function Trouble({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const { state } = order;
  if (state === "returned") return <Returned order={order} />;
  if (!isTrouble(state)) return null;
  return (
    <Note tone="due">
      {t(TROUBLES[state])} {state === "quarantined" && <CompareLink order={order} />}
    </Note>
  );
}

function Facts({ order }: { order: OrderDetail }) {
  const { t, i18n } = useTranslation();
  const why = i18n.language === "en" ? order.route_reason?.en : order.route_reason?.zh;
  const rows: readonly (readonly [string, ReactNode])[] = [
    [t("record.track.what"), `${titleOf(order, t)} · ${order.number}`],
    [t("record.track.images"), t("record.track.imagesCount", { images: imagesOf(order) })],
    [t("record.track.question"), order.question || "–"],
    [t("record.track.history"), order.history || "–"],
    [t("record.track.why"), why ?? "–"],
  ];
  return (
    <dl className="dl">
      {rows.map(([name, value]) => (
        <div key={name} className="dl-row">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A question about these pictures: the application knows whose they are. */
function ConsultLink({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const roles = useQuery(sessions.current).data?.user.roles ?? [];
  const asks = roles.some(({ role }) => role === "township-doctor" || role === "family-doctor");
  const uid = order.study_uid;
  if (!asks || uid === null || order.patient === null) return null;
  return (
    <Button
      icon={<MessagesSquare aria-hidden="true" />}
      onClick={() => void navigate(`/consults/new?study=${encodeURIComponent(uid)}`)}
    >
      {t("consult.applyNew")}
    </Button>
  );
}

function Actions({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const missing = order.state === "receiving";
  return (
    <div className="actions-bar">
      {order.contact.phone !== "" && (
        <Button icon={<Phone aria-hidden="true" />} href={`tel:${order.contact.phone.replace(/\s/g, "")}`}>
          {t("record.track.call", { name: order.contact.name, phone: order.contact.phone })}
        </Button>
      )}
      {missing && (
        <Button
          type="primary"
          icon={<CloudUpload aria-hidden="true" />}
          onClick={() => void navigate(`/send?order=${order.id}`)}
        >
          {t(order.instances === 0 ? "record.track.sendImages" : "record.track.sendRest")}
        </Button>
      )}
      <ConsultLink order={order} />
      <span className="sp" />
      <CancelButton order={order} />
    </div>
  );
}

function Way({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const shipment = useShipments().find((it) => it.order === order.id);
  return (
    <Panel title={t("record.track.way")} actions={<OrderStateTag state={order.state} />}>
      <div className="col g12">
        <Tracker steps={stepsOf(order, t, order.events)} upright />
        {shipment !== undefined && !isOver(shipment) && <ShipmentLine shipment={shipment} />}
        <Trouble order={order} />
        <Late order={order} />
        <Actions order={order} />
      </div>
    </Panel>
  );
}

/** Something of the report may be seen: it was issued once, or is preliminary. */
function hasReport({ state, report_state }: OrderDetail): boolean {
  return state === "final" || state === "amending" || report_state === "preliminary";
}

function ReportOf({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const report = useQuery({ ...reports.ofOrder(order.id), enabled: hasReport(order) });
  if (!hasReport(order))
    return (
      <Panel title={t("record.report.title")}>
        <p className="sub">{t("record.track.noReport")}</p>
      </Panel>
    );
  if (report.isPending) return <SkeletonPage />;
  if (report.isError) return <ProblemCard failure={report.error} onRetry={() => void report.refetch()} />;
  return <ReportCard report={report.data} />;
}

export function TrackPage() {
  const { t } = useTranslation();
  const { order: id = "" } = useParams();
  const order = useQuery(readingOrders.detail(id));
  if (order.isPending) return <SkeletonPage />;
  if (order.isError)
    return <ProblemCard failure={order.error} safe={t("record.desk.safe")} onRetry={() => void order.refetch()} />;
  const it = order.data;
  const done = it.state === "final" || it.state === "cancelled";
  return (
    <div className="col g12">
      <PatientBanner patient={inWords(it.patient, t)} lead={<PriorityPlate priority={it.priority} size="word" />}>
        {it.flags.map((flag) => (
          <FlagTag key={flag.code} flag={flag} />
        ))}
        {!done && <Deadline limit={it} />}
      </PatientBanner>
      <div className="track-columns">
        <Way order={it} />
        <div className="col g12">
          <ReportOf order={it} />
          <Panel title={t("record.track.order")}>
            <Facts order={it} />
          </Panel>
        </div>
      </div>
    </div>
  );
}
