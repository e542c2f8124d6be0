/** `/consults/new?patient=`: the application to be answered in writing; what the hub lacks stands beside its field. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Form, Input, Radio, Select } from "antd";
import { UsersRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { newKey } from "../api/client.ts";
import { consults } from "../api/resources/consults.ts";
import { organizations } from "../api/resources/organizations.ts";
import { patients } from "../api/resources/patients.ts";
import type { ConsultNew } from "../api/types.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { Panel } from "../ui/Panel.tsx";
import { PatientName } from "../ui/Patient.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import "./consult.css";

interface Written {
  readonly to_org: string;
  readonly specialties: readonly string[];
  readonly title: string;
  readonly urgency: "urgent" | "routine";
  readonly chief_complaint: string;
  readonly present_history: string;
  readonly summary: string;
  readonly code: string;
  readonly name: string;
  readonly reason: string;
  readonly purpose: string;
  readonly by: string;
  readonly written: boolean;
}

const LONG = ["chief_complaint", "present_history", "summary", "reason", "purpose"] as const;
const LABELS = {
  chief_complaint: "consult.apply.complaint",
  present_history: "consult.apply.history",
  summary: "consult.apply.summary",
  reason: "consult.apply.reason",
  purpose: "consult.apply.purpose",
} as const;

function bodyOf({ code, name, by, written, ...rest }: Written, patient: string, study: string | null): ConsultNew {
  return {
    ...rest,
    patient_id: patient,
    mode: "written",
    diagnosis: { code, name, system: "ICD-10" },
    consent: { written, by },
    study_uids: study === null ? [] : [study],
  };
}

function Whom() {
  const { t } = useTranslation();
  const places = useQuery(organizations.list);
  const rules = [{ required: true, message: t("consult.apply.needed") }];
  const hospitals = (places.data?.items ?? []).filter(({ kind }) => kind === "county" || kind === "higher");
  return (
    <>
      <Form.Item name="to_org" label={t("consult.apply.to")} rules={rules}>
        <Radio.Group
          aria-label={t("consult.apply.to")}
          options={hospitals.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Form.Item
        name="specialties"
        label={t("consult.apply.specialties")}
        extra={t("consult.apply.specialtiesHint")}
        rules={rules}
      >
        <Select mode="tags" open={false} suffix={null} />
      </Form.Item>
      <Form.Item name="title" label={t("consult.apply.wantedTitle")} rules={rules}>
        <Input maxLength={20} />
      </Form.Item>
      <Form.Item name="urgency" label={t("consult.apply.urgency")}>
        <Radio.Group
          aria-label={t("consult.apply.urgency")}
          options={(["routine", "urgent"] as const).map((value) => ({ value, label: t(`consult.urgency.${value}`) }))}
        />
      </Form.Item>
    </>
  );
}

function What() {
  const { t } = useTranslation();
  const rules = [{ required: true, whitespace: true, message: t("consult.apply.needed") }];
  return (
    <>
      {LONG.map((field) => (
        <Form.Item key={field} name={field} label={t(LABELS[field])} rules={rules}>
          <Input.TextArea autoSize={{ minRows: field === "summary" ? 3 : 1 }} />
        </Form.Item>
      ))}
      <Form.Item name="name" label={t("consult.apply.name")} rules={rules}>
        <Input />
      </Form.Item>
      <Form.Item name="code" label={t("consult.apply.code")} rules={rules}>
        <Input />
      </Form.Item>
      <Form.Item name="by" label={t("consult.apply.consentBy")} rules={rules}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="written" valuePropName="checked">
        <Checkbox>{t("consult.apply.consent")}</Checkbox>
      </Form.Item>
    </>
  );
}

function ApplyForm({ patient, study }: { patient: string; study: string | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const apply = useMutation(consults.apply);
  return (
    <Form<Written>
      layout="vertical"
      initialValues={{ urgency: "routine", written: false, specialties: [] }}
      onFinish={(written) => {
        apply.mutate(
          { ...bodyOf(written, patient, study), key: newKey() },
          { onSuccess: ({ id }) => void navigate(`/consults/${id}`) },
        );
      }}
    >
      <Whom />
      <What />
      {study !== null && <p className="s13 sub">{t("consult.apply.studies")}</p>}
      <ProblemNote failure={apply.error} />
      <Button type="primary" htmlType="submit" loading={apply.isPending}>
        {t("consult.apply.submit")}
      </Button>
    </Form>
  );
}

function OfPatient({ id, study }: { id: string; study: string | null }) {
  const { t } = useTranslation();
  const patient = useQuery(patients.detail(id));
  return (
    <div className="co">
      <Panel
        title={t("consult.apply.title")}
        aside={patient.data === undefined ? "" : <PatientName patient={patient.data} />}
      >
        <ApplyForm patient={id} study={study} />
      </Panel>
    </div>
  );
}

export function ApplyPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const patient = search.get("patient");
  if (patient === null)
    return <EmptyState icon={UsersRound} title={t("consult.apply.choose")} text={t("consult.apply.chooseText")} />;
  return <OfPatient id={patient} study={search.get("study")} />;
}
