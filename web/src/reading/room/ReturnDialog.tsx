/** Giving a study back to those who sent it: a coded reason and a sentence that they will read. */
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input, Modal, Select } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { Order } from "../../api/types.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { useFirstFocus } from "./useFirstFocus.ts";
import { useToast } from "../../ui/useToast.tsx";

const CODES = ["side-marker", "positioning", "quality", "incomplete", "leads", "history", "identity", "other"] as const;

interface Props {
  /** Null: closed. */
  readonly order: Order | null;
  readonly onClose: () => void;
  readonly onReturned?: () => void;
}

interface Why {
  readonly code: (typeof CODES)[number];
  readonly reason: string;
}

function ReturnForm({ order, onClose, onReturned }: Props & { order: Order }) {
  const { t } = useTranslation();
  const toast = useToast();
  const back = useMutation(readingOrders.return);
  const [key] = useState(newKey);
  const first = useFirstFocus<TextAreaRef>();
  return (
    <Form<Why>
      layout="vertical"
      initialValues={{ code: order.kind === "ecg" ? "leads" : "quality", reason: "" }}
      onFinish={(why) => {
        back
          .mutateAsync({ id: order.id, version: order.version, key, ...why })
          .then(() => {
            toast(t("reading.returnDialog.done", { place: order.organization.name }));
            onClose();
            onReturned?.();
          })
          // The note below shows the refusal.
          .catch(() => undefined);
      }}
    >
      <Form.Item name="code" label={t("reading.returnDialog.code")}>
        <Select options={CODES.map((value) => ({ value, label: t(`reading.returnCode.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t("reading.returnDialog.reason")}
        rules={[{ required: true, whitespace: true, message: t("reading.returnDialog.reasonNeeded") }]}
      >
        <Input.TextArea ref={first} rows={3} placeholder={t("reading.returnDialog.example")} />
      </Form.Item>
      <ProblemNote failure={back.error} />
      <div className="row dialog-foot">
        <Button onClick={onClose}>{t("ui.close")}</Button>
        <Button type="primary" htmlType="submit" loading={back.isPending}>
          {t("reading.returnDialog.send", { place: order.organization.name })}
        </Button>
      </div>
    </Form>
  );
}

export function ReturnDialog(props: Props) {
  const { order, onClose } = props;
  const { t } = useTranslation();
  return (
    <Modal
      title={t("reading.returnDialog.title")}
      open={order !== null}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
    >
      {order !== null && <ReturnForm {...props} order={order} />}
    </Modal>
  );
}
