/** Whose study is it? The objects' patient beside a candidate, field by field, then a person's word with a reason. */
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { Search, UserCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { patients } from "../../api/resources/patients.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { studies } from "../../api/resources/studies.ts";
import type { Order, PatientCard, Study } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { useToast } from "../../ui/useToast.tsx";
import { IdentityTable } from "./IdentityTable.tsx";
import { OrderChoice } from "./OrderChoice.tsx";

function Candidates({
  q,
  chosen,
  onChoose,
}: {
  q: string;
  chosen: PatientCard | null;
  onChoose: (card: PatientCard) => void;
}) {
  const { t } = useTranslation();
  const found = useQuery({ ...patients.search(q), enabled: q !== "", placeholderData: keepPreviousData });
  if (q === "") return null;
  if (found.isError) return <ProblemNote failure={found.error} />;
  const items = found.data?.items ?? [];
  if (found.isSuccess && items.length === 0) return <Note>{t("admin.quarantine.nobody", { q })}</Note>;
  return (
    <ul className="candidates" aria-label={t("admin.quarantine.candidates")}>
      {items.map((card) => (
        <li key={card.id}>
          <button
            type="button"
            className={chosen?.id === card.id ? "candidate candidate-on" : "candidate"}
            aria-pressed={chosen?.id === card.id}
            onClick={() => {
              onChoose(card);
            }}
          >
            <b>{card.name}</b>
            <span className="s13 sub">
              {t(`ui.sex.${card.sex}`)} {card.birth_date ?? ""} · {card.masked_id}
            </span>
            <span className="s12 mut">{card.organization.name}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Decide({ study, card }: { study: Study; card: PatientCard }) {
  const { t } = useTranslation();
  const toast = useToast();
  const match = useMutation(studies.match);
  const orders = useQuery(readingOrders.list({ patient: card.id, state: "receiving" }));
  const waiting = (orders.data?.items ?? []).filter(({ study_uid }) => study_uid === null);
  const [order, setOrder] = useState<Order["id"] | null>(null);
  const submit = ({ reason }: { readonly reason: string }) => {
    const order_id = order === null ? {} : { order_id: order };
    const command = { uid: study.uid, key: newKey(), patient_id: card.id, reason, ...order_id };
    // By promise: the study leaves the list with the answer, and this panel with it.
    match.mutateAsync(command).then(
      () => {
        toast(t("admin.quarantine.matched", { name: card.name }));
      },
      () => undefined,
    );
  };
  return (
    <Form layout="vertical" onFinish={submit} className="col">
      <IdentityTable study={study} card={card} />
      <OrderChoice orders={waiting} chosen={order} onChoose={setOrder} />
      <Form.Item
        name="reason"
        label={t("admin.quarantine.reason")}
        rules={[{ required: true, whitespace: true, min: 4, message: t("admin.quarantine.reasonNeeded") }]}
      >
        <Input.TextArea rows={2} placeholder={t("admin.quarantine.reasonHint")} />
      </Form.Item>
      <ProblemNote failure={match.error} />
      <span>
        <Button type="primary" htmlType="submit" icon={<UserCheck aria-hidden="true" />} loading={match.isPending}>
          {t("admin.quarantine.match", { name: card.name })}
        </Button>
      </span>
    </Form>
  );
}

export function MatchPanel({ study }: { study: Study }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(study.dicom_patient.name.split("=").at(-1)?.replaceAll("^", "") ?? "");
  const [q, setQ] = useState(typed);
  const [card, setCard] = useState<PatientCard | null>(null);
  return (
    <div className="col g12">
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          setQ(typed.trim());
        }}
      >
        <Input
          aria-label={t("admin.quarantine.search")}
          placeholder={t("admin.quarantine.searchHint")}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
          }}
        />
        <Button htmlType="submit" icon={<Search aria-hidden="true" />}>
          {t("admin.quarantine.find")}
        </Button>
      </form>
      <Candidates q={q} chosen={card} onChoose={setCard} />
      {card === null ? (
        <Note>{t("admin.quarantine.chooseOne")}</Note>
      ) : (
        <Decide key={card.id} study={study} card={card} />
      )}
    </div>
  );
}
