/** Reading an ECG: the sheet true to size, what was measured, the last one, the diagnosis. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { civil } from "../../api/clock.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { useUser } from "../../api/resources/session.ts";
import { studies } from "../../api/resources/studies.ts";
import type { OrderDetail } from "../../api/types.ts";
import { CompareCard, EcgPanel, MeasureCard, useEcg, type EcgState } from "../../ecg/view/index.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ModuleBoundary } from "../../ui/ModuleBoundary.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { ReportPane } from "../report/ReportPane.tsx";
import "./room.css";
import { RoomHead } from "./RoomHead.tsx";
import { LeaseWords } from "./TopSlot.tsx";
import { useLease } from "./useLease.ts";
import { useNext } from "./useRoom.ts";

export function EcgPage() {
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
  return <EcgRoom key={id} order={order.data} />;
}

/** What stands where the sheet would be, while there is none. */
function NoSheet({ ecg }: { ecg: Exclude<EcgState, { at: "ready" }> }) {
  const { t } = useTranslation();
  if (ecg.at === "failed")
    return <ProblemCard failure={ecg.failure} safe={t("ecg.unreadable.safe")} onRetry={ecg.retry} />;
  if (ecg.at === "loading") return <SkeletonPage />;
  return (
    <section className="card">
      <EmptyState
        title={t("ecg.unreadable.title")}
        text={`${t(`ecg.unreadable.${ecg.why}`)} ${t("ecg.unreadable.safe")}`}
      />
    </section>
  );
}

type Ready = Extract<EcgState, { at: "ready" }>;

function WithPrior({ ecg, prior }: { ecg: Ready; prior: string }) {
  const before = useEcg(prior);
  const study = useQuery(studies.detail(prior));
  const when = study.data?.study_at ? civil(study.data.study_at).date : "";
  const ready = before.at === "ready" ? before : null;
  return (
    <>
      <MeasureCard head={ecg.head} prior={ready?.head ?? null} />
      <CompareCard now={ecg.recording} before={ready?.recording ?? null} when={when} />
    </>
  );
}

function Measured({ ecg }: { ecg: Ready }) {
  const prior = ecg.head.prior_study_uid;
  if (prior !== null) return <WithPrior ecg={ecg} prior={prior} />;
  return (
    <>
      <MeasureCard head={ecg.head} prior={null} />
      <CompareCard now={ecg.recording} before={null} when="" />
    </>
  );
}

function Sheet({ order, study }: { order: OrderDetail; study: string }) {
  const { t } = useTranslation();
  const ecg = useEcg(study);
  const name = order.patient?.name ?? order.dicom_patient?.name ?? "";
  return (
    <>
      <div className="ecg-main">
        {ecg.at === "ready" ? (
          <EcgPanel
            head={ecg.head}
            recording={ecg.recording}
            title={`${name} ${order.number} ${order.organization.name}`}
          />
        ) : (
          <NoSheet ecg={ecg} />
        )}
      </div>
      <div className="ecg-side">
        {ecg.at === "ready" && (
          <ModuleBoundary name={t("ecg.measures")}>
            <Measured ecg={ecg} />
          </ModuleBoundary>
        )}
      </div>
    </>
  );
}

function EcgRoom({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const me = useUser().id;
  const next = useNext(order);
  useLease(order);
  return (
    <div className="ecg-room">
      <section className="card ecg-head">
        <RoomHead order={order} />
      </section>
      {order.study_uid === null ? (
        <EmptyState title={t("reading.noStudy")} text={t("reading.noStudyText", { place: order.organization.name })} />
      ) : (
        <Sheet order={order} study={order.study_uid} />
      )}
      <section className="card ecg-report" aria-label={t("reading.report")}>
        <ReportPane order={order} onDone={next} />
      </section>
      <LeaseWords order={order} me={me} />
    </div>
  );
}
