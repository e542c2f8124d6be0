/** A written word of the patient, as every form asks for it: who signed, what she is to the patient, where it lies. */
import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

export function Signer() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name="by"
        label={t("consult.apply.consentBy")}
        rules={[{ required: true, whitespace: true, message: t("consult.apply.needed") }]}
      >
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="relation" label={t("consult.apply.relation")}>
        <Input maxLength={30} />
      </Form.Item>
    </>
  );
}

export function Paper() {
  const { t } = useTranslation();
  return (
    <>
      <Signer />
      <Form.Item name="document" label={t("consult.later.document")}>
        <Input maxLength={200} />
      </Form.Item>
    </>
  );
}
