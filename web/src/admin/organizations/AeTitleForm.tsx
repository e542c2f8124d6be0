/** A new device: its AE title, where it calls from, where reports go back to it. */
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { organizations } from "../../api/resources/organizations.ts";
import type { AeTitleNew } from "../../api/types.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";

interface Values {
  readonly ae_title: string;
  readonly description?: string;
  readonly address?: string;
  readonly host?: string;
  readonly port?: number | null;
  readonly charset?: string;
}

/** PS3.5 §6.2: sixteen characters, no backslash, no control character. */
const AE_TITLE = /^[ -[\]-~]{1,16}$/;

function bodyOf({ ae_title, description = "", address = "", host = "", port, charset }: Values): AeTitleNew {
  return {
    ae_title: ae_title.trim(),
    description: description.trim(),
    addresses: address.split(/[\s,，]+/).filter(Boolean),
    host: host.trim() === "" ? null : host.trim(),
    port: host.trim() === "" ? null : (port ?? 104),
    charset: charset ?? null,
  };
}

export function AeTitleForm({ organization, onDone }: { organization: string; onDone: () => void }) {
  const { t } = useTranslation();
  const add = useMutation(organizations.addAeTitle);
  const submit = (values: Values) => {
    add.mutate({ id: organization, key: newKey(), body: bodyOf(values) }, { onSuccess: onDone });
  };
  return (
    <Form<Values> layout="vertical" className="device" onFinish={submit}>
      <Form.Item
        name="ae_title"
        label={t("admin.device.title")}
        extra={t("admin.device.titleHint")}
        rules={[{ required: true, pattern: AE_TITLE, message: t("admin.device.titleWrong") }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="description" label={t("admin.device.description")}>
        <Input autoComplete="off" placeholder={t("admin.device.descriptionHint")} />
      </Form.Item>
      <Form.Item name="address" label={t("admin.device.from")} extra={t("admin.device.fromHint")}>
        <Input autoComplete="off" />
      </Form.Item>
      <div className="form-grid">
        <Form.Item name="host" label={t("admin.device.host")}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="port" label={t("admin.device.port")}>
          <InputNumber min={1} max={65_535} className="wide" />
        </Form.Item>
      </div>
      <Form.Item name="charset" label={t("admin.device.charset")} extra={t("admin.device.charsetHint")}>
        <Select allowClear options={["GB18030", "GBK", "ISO_IR 192"].map((value) => ({ value, label: value }))} />
      </Form.Item>
      <ProblemNote failure={add.error} />
      <span className="row">
        <Button type="primary" htmlType="submit" loading={add.isPending}>
          {t("admin.device.save")}
        </Button>
        <Button onClick={onDone}>{t("admin.cancel")}</Button>
      </span>
    </Form>
  );
}
