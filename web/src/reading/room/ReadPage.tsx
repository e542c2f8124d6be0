/** The reading room: list, images, report in one window, in the dark. */
import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { useUser } from "../../api/resources/session.ts";
import type { OrderDetail } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ModuleBoundary } from "../../ui/ModuleBoundary.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { useScreen } from "../../ui/useScreen.ts";
import { Viewer } from "../../viewer/view/index.ts";
import { ReportPane } from "../report/ReportPane.tsx";
import { Priors } from "./Priors.tsx";
import { PriorReport } from "./PriorReport.tsx";
import "./room.css";
import { RoomHead } from "./RoomHead.tsx";
import { RoomList } from "./RoomList.tsx";
import { LeaseWords } from "./TopSlot.tsx";
import { useLease } from "./useLease.ts";
import { useNext } from "./useRoom.ts";

export function ReadPage() {
  const { t } = useTranslation();
  const { order: id = "" } = useParams();
  const order = useQuery(readingOrders.detail(id));
  if (order.isPending) return <SkeletonPage />;
  if (order.isLoadingError)
    return (
      <div className="page-pad">
        <ProblemCard failure={order.error} safe={t("reading.safe")} onRetry={() => void order.refetch()} />
      </div>
    );
  return <Room key={id} order={order.data} />;
}

function Pictures({ order, prior }: { order: OrderDetail; prior: string | null }) {
  const { t } = useTranslation();
  if (order.study_uid === null)
    return (
      <EmptyState title={t("reading.noStudy")} text={t("reading.noStudyText", { place: order.organization.name })} />
    );
  const name = order.patient?.name ?? order.dicom_patient?.name ?? "";
  return (
    <ModuleBoundary name={t("viewer.title")}>
      <Viewer study={order.study_uid} corner={`${name} ${order.number}`} prior={prior} />
    </ModuleBoundary>
  );
}

function Side({
  order,
  prior,
  onPrior,
}: {
  order: OrderDetail;
  prior: string | null;
  onPrior: (uid: string | null) => void;
}) {
  const { t } = useTranslation();
  const next = useNext(order);
  return (
    <aside className="room-side" aria-label={t("reading.report")}>
      <RoomHead order={order} />
      <ReportPane order={order} onDone={next} />
      <div className="room-priors">
        <Priors
          order={order}
          open={prior}
          onOpen={(uid) => {
            onPrior(uid === prior ? null : uid);
          }}
        />
        {prior !== null && <PriorReport study={prior} />}
      </div>
    </aside>
  );
}

function Room({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const screen = useScreen();
  const me = useUser().id;
  const [prior, setPrior] = useState<string | null>(null);
  const [shown, setShown] = useState<"pictures" | "report">("pictures");
  useLease(order);
  const side = <Side order={order} prior={prior} onPrior={setPrior} />;
  if (screen === "phone")
    return (
      <div className="room-phone">
        <Segmented
          block
          aria-label={t("reading.show")}
          options={[
            { value: "pictures", label: t("reading.pictures") },
            { value: "report", label: t("reading.report") },
          ]}
          value={shown}
          onChange={setShown}
        />
        {shown === "pictures" ? <Pictures order={order} prior={null} /> : side}
      </div>
    );
  return (
    <div className={screen === "desk" ? "room" : "room room-narrow"}>
      {screen === "desk" && <RoomList open={order.id} />}
      <Pictures order={order} prior={prior} />
      {side}
      <LeaseWords order={order} me={me} />
    </div>
  );
}
