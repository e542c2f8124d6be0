/** Details while the patient is moving: vital signs again, when he arrives, what was done meanwhile. The receiver sees it at once. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form } from "antd";
import { Save } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { mayRun } from "../../api/commands.ts";
import { Problem } from "../../api/problems.ts";
import { referUp } from "../../api/resources/refer-up.ts";
import { referrals } from "../../api/resources/referrals.ts";
import type { Prefill, ReferralDetail } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { TriagePlate, triageOf } from "../../ui/Plate.tsx";
import { ProblemCard, ProblemNote } from "../../ui/ProblemNote.tsx";
import { SkeletonPage } from "../../ui/Skeletons.tsx";
import { useLeaveGuard } from "../../ui/useLeaveGuard.tsx";
import { useToast } from "../../ui/useToast.tsx";
import { Measured } from "./Measured.tsx";
import { faultOf } from "./model/vitals.ts";
import { editOf, fromTicket } from "./model/written.ts";
import { ConsentFields, Diagnosis, Histories, Reports, Summary } from "./Package.tsx";
import { Ride } from "./Ride.tsx";

function Title({ ticket }: { ticket: ReferralDetail }) {
  const { t } = useTranslation();
  return (
    <section className="card rf-card row wrap">
      <TriagePlate level={triageOf(ticket)} />
      <PatientName patient={ticket.patient} size="head" />
      <span className="sub">
        {ticket.number} · {ticket.to?.name ?? ticket.outside_name} {ticket.department}
      </span>
      <span className="sp" />
      <Link to={`/referrals/${ticket.id}`}>{t("refer.edit.back")}</Link>
    </section>
  );
}

function Editing({ ticket, known }: { ticket: ReferralDetail; known: Prefill | undefined }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [it, write] = useState(() => fromTicket(ticket));
  const [saved, setSaved] = useState(it);
  const edit = useMutation(referrals.edit);
  const set = (patch: Partial<typeof it>) => {
    write((before) => ({ ...before, ...patch }));
  };
  useLeaveGuard(it !== saved);
  const save = () => {
    edit.mutate(
      { id: ticket.id, version: ticket.version, body: editOf(it) },
      {
        onSuccess: () => {
          setSaved(it);
          toast(t("refer.edit.done"));
        },
      },
    );
  };
  const moved = edit.error instanceof Problem && edit.error.code === "VERSION";
  return (
    <div className="rf-narrow col g12">
      <Title ticket={ticket} />
      <Measured
        vitals={it.vitals}
        news2={ticket.news2}
        onChange={(vitals) => {
          set({ vitals });
        }}
      />
      <Ride it={it} set={set} />
      <Form layout="vertical" component="section" className="card rf-card">
        <Diagnosis it={it} set={set} />
        <Summary it={it} set={set} />
        <Histories it={it} set={set} />
        <Reports it={it} set={set} reports={known?.reports ?? []} />
        <ConsentFields it={it} set={set} />
      </Form>
      <div className="rf-send">
        <ProblemNote failure={edit.error}>{moved && <span>{t("refer.edit.again")}</span>}</ProblemNote>
        <Button
          type="primary"
          size="large"
          block
          icon={<Save aria-hidden="true" />}
          loading={edit.isPending}
          disabled={faultOf(it.vitals) !== null}
          onClick={save}
        >
          {t("refer.edit.save")}
        </Button>
      </div>
    </div>
  );
}

export function EditTicket({ id }: { id: string }) {
  const { t } = useTranslation();
  const ticket = useQuery(referrals.detail(id));
  const patient = ticket.data?.patient?.id ?? "";
  const known = useQuery({ ...referUp.prefill(patient), enabled: patient !== "" });
  if (ticket.isPending) return <SkeletonPage />;
  if (ticket.isError) return <ProblemCard failure={ticket.error} onRetry={() => void ticket.refetch()} />;
  if (!mayRun(ticket.data, "edit")) return <Note tone="due">{t("refer.edit.over")}</Note>;
  return <Editing ticket={ticket.data} known={known.data} />;
}
