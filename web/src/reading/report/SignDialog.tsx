/** The signature: what is signed, in which capacity, to whom it goes, what voids it; and the person proves who she is. */
import { Button, Form, Input, Modal, type InputRef } from "antd";
import { Signature } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { codeOf } from "../../api/problems.ts";
import type { Order } from "../../api/types.ts";
import { PatientName } from "../../ui/Patient.tsx";
import { useFirstFocus } from "../room/useFirstFocus.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";

export interface Proof {
  readonly password: string;
  readonly otp?: string;
  /** Of this intention: a second press signs once. */
  readonly key: string;
}

interface Props {
  readonly open: boolean;
  readonly act: "sign" | "verify";
  readonly order: Order;
  readonly failure: unknown;
  readonly pending: boolean;
  readonly onSign: (proof: Proof) => void;
  readonly onClose: () => void;
}

function Proving({ act, order, failure, pending, onSign, onClose }: Omit<Props, "open">) {
  const { t } = useTranslation();
  const [key] = useState(newKey);
  const first = useFirstFocus<InputRef>();
  const withOtp = codeOf(failure) === "OTP";
  return (
    <Form<{ password: string; otp?: string }>
      layout="vertical"
      onFinish={({ password, otp }) => {
        onSign({ password, key, ...(otp === undefined ? {} : { otp }) });
      }}
    >
      <dl className="dl sign-facts">
        <dt>{t("reading.signDialog.what")}</dt>
        <dd>
          {order.number} · <PatientName patient={order.patient} /> · {order.modalities.join(" ")} {order.title}
        </dd>
        <dt>{t("reading.signDialog.as")}</dt>
        <dd>{t(`reading.signDialog.${act}As`)}</dd>
        <dt>{t("reading.signDialog.to")}</dt>
        <dd>{act === "sign" ? t("reading.signDialog.toReviewer") : order.organization.name}</dd>
        <dt>{t("reading.signDialog.method")}</dt>
        <dd>{t("reading.signDialog.methodText")}</dd>
        <dt>{t("reading.signDialog.void")}</dt>
        <dd>{t(`reading.signDialog.${act}Void`)}</dd>
      </dl>
      <Form.Item
        name="password"
        label={t("reading.signDialog.password")}
        rules={[{ required: true, message: t("reading.signDialog.passwordNeeded") }]}
      >
        <Input.Password ref={first} autoComplete="current-password" />
      </Form.Item>
      {withOtp && (
        <Form.Item
          name="otp"
          label={t("reading.signDialog.otp")}
          rules={[{ required: true, pattern: /^\d{6}$/, message: t("reading.signDialog.otpNeeded") }]}
        >
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
        </Form.Item>
      )}
      <ProblemNote failure={failure} />
      <div className="row dialog-foot">
        <Button onClick={onClose}>{t("ui.close")}</Button>
        <Button type="primary" htmlType="submit" loading={pending} icon={<Signature aria-hidden="true" />}>
          {t(`reading.signDialog.${act}Now`)}
        </Button>
      </div>
    </Form>
  );
}

export function SignDialog({ open, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      title={t(`reading.signDialog.${rest.act}Title`)}
      open={open}
      onCancel={rest.onClose}
      footer={null}
      destroyOnHidden
    >
      <Proving {...rest} />
    </Modal>
  );
}
