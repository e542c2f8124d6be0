/** A new order with its images, for a chosen patient. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { Radio } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { newKey } from "../../api/client.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { useUser } from "../../api/resources/session.ts";
import type { OrderNew, Patient } from "../../api/types.ts";
import { useKeys } from "../../keys/useKeys.ts";
import { Checklist } from "./Checklist.tsx";
import { ChosenPatient } from "./ChosenPatient.tsx";
import { ImagesPanel } from "./ImagesPanel.tsx";
import { EMPTY_DRAFT, firstStop, type Draft } from "./model/draft.ts";
import { OrderPanel } from "./OrderPanel.tsx";
import { Priors } from "./Priors.tsx";
import { SendBar } from "./SendBar.tsx";
import { SendSteps, useStep } from "./SendSteps.tsx";
import { ship } from "./upload/shipments.ts";
import { useSituation, type SendSituation } from "./useSituation.ts";

function bodyOf(patient: Patient, draft: Draft, images: number, reasons: string): OrderNew {
  return {
    patient_id: patient.id,
    kind: draft.kind ?? "radiology",
    priority: draft.priority,
    question: draft.question.trim(),
    history: [reasons, draft.history.trim()].filter(Boolean).join("\n"),
    ...(images > 0 ? { expected_instances: images } : {}),
  };
}

/** Places the order, then lets the images leave; the page goes on at the order's own address. */
function useSend(patient: Patient, situation: SendSituation) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const user = useUser();
  const create = useMutation(readingOrders.create);
  const { draft, gathering } = situation;
  const place = (images: number, then: (order: string) => void) => {
    const words = draft.priority === "routine" ? [] : draft.reasons;
    const reasons = words.length === 0 ? "" : t("record.order.reasonLine", { words: words.join("、") });
    create.mutate(
      { key: newKey(), body: bodyOf(patient, draft, images, reasons) },
      {
        onSuccess: ({ id }) => {
          then(id);
        },
      },
    );
  };
  return {
    create,
    send: () => {
      if (create.isPending || firstStop(situation.checks) !== null) return;
      place(gathering.pieces.length, (order) => {
        ship(order, user.id, patient.id, gathering.pieces);
        void navigate(`/send?order=${order}`, { replace: true });
      });
    },
    placeOnly: () => {
      if (create.isPending || firstStop(situation.orderChecks) !== null) return;
      place(0, (order) => void navigate(`/track/${order}`));
    },
  };
}

interface SideProps {
  readonly patient: Patient;
  readonly situation: SendSituation;
  readonly shows: (step: "send" | "order") => boolean;
  readonly sending: ReturnType<typeof useSend>;
}

function LastStep({ situation, sending: { create, send, placeOnly } }: Pick<SideProps, "situation" | "sending">) {
  const { t } = useTranslation();
  const waitsForImages = firstStop(situation.orderChecks) === null && situation.gathering.pieces.length === 0;
  return (
    <>
      <Checklist checks={situation.checks} />
      <SendBar
        name={t("record.sending.send", { centre: situation.route?.centre?.name ?? t("record.sending.county") })}
        checks={situation.checks}
        pending={create.isPending}
        failure={create.error}
        onSend={send}
      />
      {waitsForImages && (
        <Button icon={<Radio aria-hidden="true" />} loading={create.isPending} onClick={placeOnly}>
          {t("record.sending.fromDevice")}
        </Button>
      )}
    </>
  );
}

function Side({ patient, situation, shows, sending }: SideProps) {
  return (
    <aside className="col g12">
      {shows("send") && <LastStep situation={situation} sending={sending} />}
      {shows("order") && <Priors patient={patient.id} kind={situation.draft.kind} />}
    </aside>
  );
}

export function SendNew({ patient, onOtherPatient }: { patient: Patient; onOtherPatient: () => void }) {
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const situation = useSituation(patient, draft, false);
  const sending = useSend(patient, situation);
  const step = useStep("order");
  useKeys("desk", { submit: sending.send });
  return (
    <div className="two-columns">
      <div className="col g12">
        <SendSteps at={step.at ?? (situation.gathering.pieces.length > 0 ? "images" : "order")} />
        <ChosenPatient patient={patient} onOther={onOtherPatient} />
        {step.shows("order") && (
          <OrderPanel
            draft={situation.draft}
            route={situation.route}
            onChange={(changed) => {
              setDraft((before) => ({ ...before, ...changed }));
            }}
          />
        )}
        {step.shows("images") && (
          <ImagesPanel situation={situation} order={null} shipment={null} onOtherPatient={onOtherPatient} />
        )}
      </div>
      <Side patient={patient} situation={situation} shows={step.shows} sending={sending} />
      {step.buttons}
    </div>
  );
}
