/** The few fields of a command: who answers, why, how much was adopted, and that it is really she who signs. */
import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { codeOf } from "../api/problems.ts";
import { consults, type ConsultAct } from "../api/resources/consults.ts";
import type { ConsultDetail } from "../api/types.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { byDay, spoken, type Span } from "./times.ts";
import { Times } from "./Times.tsx";

export interface Asked {
  readonly experts?: readonly string[];
  readonly reason?: string;
  readonly adopted?: "adopted" | "partly" | "not";
  readonly password?: string;
  readonly otp?: string;
  readonly opinion_version?: number;
  readonly slot_id?: string;
  readonly slots?: readonly Span[];
}

interface Props {
  readonly name: ConsultAct;
  readonly consult: ConsultDetail;
  readonly failure: unknown;
  readonly pending: boolean;
  readonly onAsked: (asked: Asked) => void;
}

function Experts({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  const roster = useQuery(consults.experts(consult.to.id));
  const fit = (roster.data?.items ?? []).filter(
    ({ specialties, may_answer }) => may_answer && specialties.some((each) => consult.specialties.includes(each)),
  );
  return (
    <Form.Item
      name="experts"
      label={t("consult.ask.experts")}
      rules={[{ required: true, message: t("consult.ask.expertsNeeded") }]}
    >
      <Select
        mode="multiple"
        loading={roster.isPending}
        options={fit.map(({ id, name, title, specialties }) => ({
          value: id,
          label: `${name} ${title} ${specialties.join(" ")}`,
        }))}
      />
    </Form.Item>
  );
}

function Reason({ label, needed }: { label: string; needed: boolean }) {
  const { t } = useTranslation();
  const rules = needed ? [{ required: true, whitespace: true, message: t("consult.ask.reasonNeeded") }] : [];
  return (
    <Form.Item name="reason" label={label} rules={rules}>
      <Input.TextArea rows={2} />
    </Form.Item>
  );
}

function Offer({ consult }: { consult: ConsultDetail }) {
  const { t } = useTranslation();
  return (
    <Form.Item
      name="slots"
      label={t("consult.ask.slots")}
      extra={t("consult.ask.slotsKept")}
      rules={[{ required: true, type: "array", min: 1, message: t("consult.ask.slotsNeeded") }]}
    >
      <Times consult={consult} />
    </Form.Item>
  );
}

function Choice({ consult }: { consult: ConsultDetail }) {
  const { t, i18n } = useTranslation();
  const offered = byDay(consult.slots.filter(({ booked }) => !booked));
  return (
    <Form.Item
      name="slot_id"
      label={t("consult.ask.slot")}
      rules={[{ required: true, message: t("consult.ask.slotNeeded") }]}
    >
      <Radio.Group
        className="co-slots"
        options={offered.flatMap(({ spans }) =>
          spans.map((span) => ({ value: span.id, label: spoken(span, i18n.language) })),
        )}
      />
    </Form.Item>
  );
}

function Adopted() {
  const { t } = useTranslation();
  const kinds = ["adopted", "partly", "not"] as const;
  const adopted = Form.useWatch("adopted", Form.useFormInstance()) as string | undefined;
  return (
    <>
      <Form.Item
        name="adopted"
        label={t("consult.ask.adopted")}
        rules={[{ required: true, message: t("consult.ask.adoptedNeeded") }]}
      >
        <Radio.Group options={kinds.map((value) => ({ value, label: t(`consult.adopted.${value}`) }))} />
      </Form.Item>
      <Reason label={t("consult.ask.why")} needed={adopted !== undefined && adopted !== "adopted"} />
    </>
  );
}

function Proof({ failure }: { failure: unknown }) {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name="password"
        label={t("consult.ask.password")}
        rules={[{ required: true, message: t("consult.ask.passwordNeeded") }]}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {codeOf(failure) === "OTP" && (
        <Form.Item name="otp" label={t("reading.signDialog.otp")} rules={[{ required: true, pattern: /^\d{6}$/ }]}>
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
        </Form.Item>
      )}
    </>
  );
}

function Fields({ name, consult, failure }: Pick<Props, "name" | "consult" | "failure">) {
  const { t } = useTranslation();
  if (name === "triage") return <Experts consult={consult} />;
  if (name === "adopt") return <Adopted />;
  if (name === "sign") return <Proof failure={failure} />;
  if (name === "offer-slots") return <Offer consult={consult} />;
  if (name === "choose-slot") return <Choice consult={consult} />;
  if (name === "reschedule")
    return (
      <>
        <Reason label={t("consult.ask.reason")} needed />
        <Offer consult={consult} />
      </>
    );
  return <Reason label={t("consult.ask.reason")} needed />;
}

export function Ask({ name, consult, failure, pending, onAsked }: Props) {
  const { t } = useTranslation();
  return (
    <Form<Asked> layout="vertical" onFinish={onAsked}>
      <Fields name={name} consult={consult} failure={failure} />
      <ProblemNote failure={failure} />
      <Button type="primary" htmlType="submit" loading={pending}>
        {t("consult.ask.done")}
      </Button>
    </Form>
  );
}
