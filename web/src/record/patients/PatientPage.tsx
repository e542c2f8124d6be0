/** `/patients/:id`: one record: who it is, what was examined, what came of it. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { ArrowUpRight, CloudUpload, MessagesSquare, ShieldCheck } from "lucide-react";
import { lazy, Suspense, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { mayRun } from "../../api/commands.ts";
import { Problem } from "../../api/problems.ts";
import { patients } from "../../api/resources/patients.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { referrals } from "../../api/resources/referrals.ts";
import { hasRole, useUser } from "../../api/resources/session.ts";
import type { Patient } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonPage, SkeletonRows } from "../../ui/Skeletons.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { ParcelRow } from "../desk/ParcelRow.tsx";
import { recordNumber, summaryOf } from "../orderWords.ts";
import "../record.css";
import { Duplicates } from "./Duplicates.tsx";
import { LockCard } from "./LockCard.tsx";
import { RevealButton } from "./RevealButton.tsx";

// What belongs to referrals is fetched by itself: most records are opened for a study.
const TakeOver = lazy(async () => ({ default: (await import("../home/index.tsx")).TakeOver }));
const Tickets = lazy(async () => ({ default: (await import("../home/index.tsx")).Tickets }));

function Banner({ patient }: { patient: Patient }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const mayReveal = mayRun(patient, "reveal");
  const user = useUser();
  const sends = hasRole(user, "township-doctor", "technician", "family-doctor");
  const refers = hasRole(user, "township-doctor", "family-doctor");
  const summary = summaryOf(patient, i18n.language);
  return (
    <section className="banner banner-sticky">
      <PatientName patient={summary} size="head" />
      <span className="s13 sub nw">{patient.birth_date}</span>
      <span className="s13 sub">
        {mayReveal ? <RevealButton key={patient.id} id={patient.id} masked={patient.masked_id} /> : patient.masked_id}
      </span>
      <Tag tone={patient.allergies === "" ? "plain" : "over"}>
        {patient.allergies === ""
          ? t("record.patient.noAllergies")
          : t("ui.patient.allergy", { what: patient.allergies })}
      </Tag>
      {summary.assistance?.map((words) => (
        <Tag key={words} tone="line" icon={ShieldCheck}>
          {words}
        </Tag>
      ))}
      <span className="sp" />
      {sends && (
        <Button
          type="primary"
          icon={<CloudUpload aria-hidden="true" />}
          onClick={() => void navigate(`/send?patient=${patient.id}`)}
        >
          {t("record.ways.send")}
        </Button>
      )}
      {refers && (
        <Button
          icon={<ArrowUpRight aria-hidden="true" />}
          onClick={() => void navigate(`/refer/new?patient=${patient.id}`)}
        >
          {t("record.ways.refer")}
        </Button>
      )}
      {refers && (
        <Button
          icon={<MessagesSquare aria-hidden="true" />}
          onClick={() => void navigate(`/consults/new?patient=${patient.id}`)}
        >
          {t("consult.applyNew")}
        </Button>
      )}
    </section>
  );
}

function Orders({ patient }: { patient: Patient }) {
  const { t } = useTranslation();
  const orders = useQuery(readingOrders.list({ patient: patient.id, state: "" }));
  return (
    <Panel title={t("record.patient.orders")} flush>
      {orders.isPending && <SkeletonRows rows={3} />}
      {orders.isError && <ProblemCard failure={orders.error} onRetry={() => void orders.refetch()} />}
      {orders.isSuccess && orders.data.items.length === 0 && (
        <EmptyState title={t("record.patient.noOrders")} text={t("record.patient.noOrdersText")} />
      )}
      <ul aria-label={t("record.patient.orders")}>
        {(orders.data?.items ?? [])
          .toSorted((a, b) => b.created_at.localeCompare(a.created_at))
          .map((order) => (
            <ParcelRow key={order.id} order={order} />
          ))}
      </ul>
    </Panel>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="dl-row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Card({ patient }: { patient: Patient }) {
  const { t, i18n } = useTranslation();
  return (
    <Panel title={t("record.patient.card")}>
      <dl className="dl">
        <Row name={t("record.patient.recordNumber")}>
          {patient.record_number === null ? "–" : recordNumber(patient.record_number)}
        </Row>
        <Row name={t("record.register.phone")}>{patient.phone_masked || "–"}</Row>
        <Row name={t("record.register.address")}>{patient.address || "–"}</Row>
        <Row name={t("record.patient.registeredAt")}>{patient.organization.name}</Row>
        {patient.identifiers.map(({ system, masked, issuer }) => (
          <Row
            key={system + masked}
            name={system === "resident-id" ? t("record.register.card") : t("record.patient.number")}
          >
            {masked} {issuer !== "" && <span className="mut">{issuer}</span>}
          </Row>
        ))}
        {patient.assistance?.map((held) => (
          <Row key={held.category + held.from} name={t("record.register.assistance")}>
            {i18n.language === "en" ? held.en : held.zh}{" "}
            <span className="mut nw">
              {held.from} – {held.to ?? t("record.patient.openEnd")}
              {!held.active && ` · ${t("record.patient.over")}`}
            </span>
          </Row>
        ))}
      </dl>
    </Panel>
  );
}

/** The way home that waits here, or the one that was asked for. */
function useHome(patient: string): string | undefined {
  const [search] = useSearchParams();
  const may = hasRole(useUser(), "township-doctor", "family-doctor", "medical-affairs");
  const down = useQuery({ ...referrals.list({ box: "down", patient }), enabled: may && patient !== "" });
  const items = (down.data?.items ?? []).filter(({ state }) => state !== "draft");
  const asked = items.find(({ id }) => id === search.get("ticket"));
  return (asked ?? items.find(({ state }) => state === "handed-over"))?.id;
}

export function PatientPage() {
  const { patient: id = "" } = useParams();
  const home = useHome(id);
  const patient = useQuery(patients.detail(id));
  if (patient.isPending) return <SkeletonPage />;
  if (patient.isError) {
    const locked = patient.error instanceof Problem && patient.error.code === "NO_CARE_RELATION";
    if (locked) return <LockCard id={id} />;
    return <ProblemCard failure={patient.error} onRetry={() => void patient.refetch()} />;
  }
  return (
    <div className="col g12">
      <Banner patient={patient.data} />
      <div className="two-columns">
        <div className="col g12">
          {home !== undefined && (
            <Suspense fallback={<SkeletonRows rows={6} />}>
              <TakeOver key={home} id={home} />
            </Suspense>
          )}
          <Orders patient={patient.data} />
        </div>
        <aside className="col g12">
          <Card patient={patient.data} />
          <Suspense fallback={null}>
            <Tickets patient={id} />
          </Suspense>
          <Duplicates similar={patient.data.possible_duplicates} />
        </aside>
      </div>
    </div>
  );
}
