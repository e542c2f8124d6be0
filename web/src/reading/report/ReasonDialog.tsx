/** A command that needs a sentence: sending back to the author, amending what was released. */
import { Button, Form, Input, Modal, Select } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { useFirstFocus } from "../room/useFirstFocus.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";

const AMEND_KINDS = ["addendum", "correction", "identity-error"] as const;

export interface Why {
  readonly kind: (typeof AMEND_KINDS)[number];
  readonly reason: string;
  readonly key: string;
}

interface Props {
  readonly open: boolean;
  readonly act: "sendBack" | "amend";
  readonly failure: unknown;
  readonly pending: boolean;
  readonly onSend: (why: Why) => void;
  readonly onClose: () => void;
}

function ReasonForm({ act, failure, pending, onSend, onClose }: Omit<Props, "open">) {
  const { t } = useTranslation();
  const [key] = useState(newKey);
  const first = useFirstFocus<TextAreaRef>();
  return (
    <Form<Omit<Why, "key">>
      layout="vertical"
      initialValues={{ kind: "correction" }}
      onFinish={({ kind, reason }) => {
        onSend({ kind, reason, key });
      }}
    >
      {act === "amend" && (
        <Form.Item name="kind" label={t("reading.amendDialog.kind")}>
          <Select options={AMEND_KINDS.map((value) => ({ value, label: t(`reading.amendKind.${value}`) }))} />
        </Form.Item>
      )}
      <Form.Item
        name="reason"
        label={t(`reading.${act}Dialog.reason`)}
        rules={[{ required: true, whitespace: true, message: t("reading.returnDialog.reasonNeeded") }]}
      >
        <Input.TextArea ref={first} rows={3} />
      </Form.Item>
      <ProblemNote failure={failure} />
      <div className="row dialog-foot">
        <Button onClick={onClose}>{t("ui.close")}</Button>
        <Button type="primary" htmlType="submit" loading={pending}>
          {t(`reading.${act}Dialog.send`)}
        </Button>
      </div>
    </Form>
  );
}

export function ReasonDialog({ open, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      title={t(`reading.${rest.act}Dialog.title`)}
      open={open}
      onCancel={rest.onClose}
      footer={null}
      destroyOnHidden
    >
      <ReasonForm {...rest} />
    </Modal>
  );
}
