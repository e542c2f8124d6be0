/** The case: what the expert has to know, and what the form asks besides. */
import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { isNeeded, LONG, MORE } from "./form.ts";
import { useUrgency } from "./useUrgency.ts";

const LABELS = {
  chief_complaint: "consult.apply.complaint",
  present_history: "consult.apply.history",
  summary: "consult.apply.summary",
  reason: "consult.apply.reason",
  purpose: "consult.apply.purpose",
} as const;
const SHORT: readonly string[] = ["department", "phone", "visit_number", "ward", "bed", "insurance", "fee"];

function More() {
  const { t } = useTranslation();
  return (
    <details className="co-more">
      <summary>{t("consult.apply.more")}</summary>
      {MORE.map((field) => (
        <Form.Item key={field} name={field} label={t(`consult.apply.rest.${field}`)}>
          {SHORT.includes(field) ? <Input maxLength={40} /> : <Input.TextArea autoSize={{ minRows: 1 }} />}
        </Form.Item>
      ))}
    </details>
  );
}

export function What() {
  const { t } = useTranslation();
  const urgency = useUrgency();
  const rulesOf = (field: string) =>
    isNeeded(field, urgency) ? [{ required: true, whitespace: true, message: t("consult.apply.needed") }] : [];
  return (
    <>
      {LONG.map((field) => (
        <Form.Item key={field} name={field} label={t(LABELS[field])} rules={rulesOf(field)}>
          <Input.TextArea autoSize={{ minRows: field === "summary" ? 3 : 1 }} />
        </Form.Item>
      ))}
      <Form.Item name="name" label={t("consult.apply.name")} rules={rulesOf("name")}>
        <Input />
      </Form.Item>
      <Form.Item name="code" label={t("consult.apply.code")} rules={rulesOf("code")}>
        <Input />
      </Form.Item>
      <More />
    </>
  );
}
