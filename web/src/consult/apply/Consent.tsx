/** The patient's written word; of an emergency without it, who approved going on and why. The paper follows in a day. */
import { useQuery } from "@tanstack/react-query";
import { Checkbox, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { consults } from "../../api/resources/consults.ts";
import { Note } from "../../ui/Note.tsx";
import { Signer } from "../Paper.tsx";
import { needsApproval, type Written } from "./form.ts";
import { useUrgency } from "./useUrgency.ts";

function Approval() {
  const { t } = useTranslation();
  const approvers = useQuery(consults.approvers);
  const rules = [{ required: true, whitespace: true, message: t("consult.apply.needed") }];
  return (
    <>
      <Note tone="due">{t("consult.apply.approvalNote")}</Note>
      <Form.Item name="approved_by" label={t("consult.apply.approvedBy")} rules={rules}>
        <Select
          loading={approvers.isPending}
          options={(approvers.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Form.Item name="approval_reason" label={t("consult.apply.approvalReason")} rules={rules}>
        <Input.TextArea autoSize={{ minRows: 1 }} />
      </Form.Item>
    </>
  );
}

export function Consent() {
  const { t } = useTranslation();
  const urgency = useUrgency();
  const written = (Form.useWatch("written", Form.useFormInstance<Written>()) as boolean | undefined) ?? false;
  const approval = needsApproval({ urgency, written });
  return (
    <>
      <Form.Item name="written" valuePropName="checked">
        <Checkbox>{t("consult.apply.consent")}</Checkbox>
      </Form.Item>
      {!approval && <Signer />}
      {approval && <Approval />}
    </>
  );
}
