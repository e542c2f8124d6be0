/** `/send`: patient, order, images, sent; every doubt is shown before the first byte leaves. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { Problem } from "../../api/problems.ts";
import { patients } from "../../api/resources/patients.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { OrderDetail } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { SendingPanel } from "../desk/SendingPanel.tsx";
import { LockCard } from "../patients/LockCard.tsx";
import { PatientSearch } from "../patients/PatientSearch.tsx";
import { Registering } from "../patients/Registering.tsx";
import "../record.css";
import "./send.css";
import { SendImages } from "./SendImages.tsx";
import { SendNew } from "./SendNew.tsx";
import { SendSteps } from "./SendSteps.tsx";

interface Choosing {
  readonly onChoose: (id: string) => void;
}

function ChoosePatient({ onChoose }: Choosing) {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const [registering, setRegistering] = useState(false);
  return (
    <div className="two-columns">
      <div className="col g12">
        <SendSteps at="patient" />
        {registering ? (
          <Panel title={t("record.register.title")}>
            <Registering
              begin={q}
              onRegistered={({ id }) => {
                onChoose(id);
              }}
              onOpen={onChoose}
              onCancel={() => {
                setRegistering(false);
              }}
            />
          </Panel>
        ) : (
          <Panel title={t("record.send.whose")}>
            <PatientSearch
              q={q}
              onQ={setQ}
              onChoose={({ id }) => {
                onChoose(id);
              }}
            >
              <Button
                icon={<UserPlus aria-hidden="true" />}
                onClick={() => {
                  setRegistering(true);
                }}
              >
                {t("record.ways.register")}
              </Button>
            </PatientSearch>
          </Panel>
        )}
      </div>
      <aside className="col g12">
        <SendingPanel />
        <Panel title={t("record.send.howTitle")}>
          <ol className="how">
            <li>{t("record.send.how1")}</li>
            <li>{t("record.send.how2")}</li>
            <li>{t("record.send.how3")}</li>
          </ol>
        </Panel>
      </aside>
    </div>
  );
}

function ForPatient({ id, onOther }: { id: string; onOther: () => void }) {
  const patient = useQuery(patients.detail(id));
  if (patient.isPending) return <SkeletonPage />;
  if (patient.isLoadingError && patient.error instanceof Problem && patient.error.code === "NO_CARE_RELATION")
    return <LockCard id={id} />;
  if (patient.isLoadingError) return <ProblemCard failure={patient.error} onRetry={() => void patient.refetch()} />;
  return <SendNew key={id} patient={patient.data} onOtherPatient={onOther} />;
}

function OfPatient({ order, owner }: { order: OrderDetail; owner: string }) {
  const patient = useQuery(patients.detail(owner));
  if (patient.isPending) return <SkeletonPage />;
  if (patient.isLoadingError) return <ProblemCard failure={patient.error} onRetry={() => void patient.refetch()} />;
  return <SendImages order={order} patient={patient.data} />;
}

function ForOrder({ id }: { id: string }) {
  const { t } = useTranslation();
  const order = useQuery(readingOrders.detail(id));
  if (order.isPending) return <SkeletonPage />;
  if (order.isLoadingError)
    return <ProblemCard failure={order.error} safe={t("record.desk.safe")} onRetry={() => void order.refetch()} />;
  const owner = order.data.patient?.id;
  if (owner === undefined) return <Note tone="due">{t("record.track.quarantined")}</Note>;
  return <OfPatient key={id} order={order.data} owner={owner} />;
}

export function SendPage() {
  const [search, setSearch] = useSearchParams();
  const order = search.get("order");
  const patient = search.get("patient");
  const choose = (id: string) => {
    setSearch({ patient: id });
  };
  if (order !== null) return <ForOrder key={order} id={order} />;
  if (patient !== null)
    return (
      <ForPatient
        id={patient}
        onOther={() => {
          setSearch({});
        }}
      />
    );
  return <ChoosePatient onChoose={choose} />;
}
