/** A place as an administrator writes it: new, or changed on the version that was seen. */
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { organizations } from "../../api/resources/organizations.ts";
import type { Organization, OrganizationKind } from "../../api/types.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";

interface Values {
  readonly id: string;
  readonly name: string;
  readonly kind: OrganizationKind;
  readonly parent_id?: string;
  readonly division: string;
  readonly record_area?: string;
  readonly phone?: string;
  readonly beds?: number | null;
}

const KINDS: readonly OrganizationKind[] = ["village", "township", "county", "higher", "bureau"];

interface Props {
  readonly all: readonly Organization[];
  /** Absent: a new one. */
  readonly known?: Organization;
  readonly onDone: (id: string) => void;
  readonly onCancel: () => void;
}

function useSave(known: Organization | undefined, onDone: (id: string) => void) {
  const create = useMutation(organizations.create);
  const update = useMutation(organizations.update);
  const submit = ({ id, ...rest }: Values) => {
    const body = {
      ...rest,
      parent_id: rest.parent_id ?? null,
      record_area: rest.record_area ?? "",
      phone: rest.phone ?? "",
      beds: rest.beds ?? null,
    };
    const after = {
      onSuccess: () => {
        onDone(known?.id ?? id);
      },
    };
    if (known === undefined) create.mutate({ key: newKey(), body: { id, ...body } }, after);
    else update.mutate({ id: known.id, version: known.version, body }, after);
  };
  return { submit, failure: create.error ?? update.error, pending: create.isPending || update.isPending };
}

function initial(known: Organization | undefined, all: readonly Organization[]): Partial<Values> {
  if (known === undefined) return { kind: "township", division: all[0]?.division ?? "" };
  const { id, name, kind, division, record_area, phone, beds, parent_id } = known;
  return { id, name, kind, division, record_area, phone, beds, ...(parent_id === null ? {} : { parent_id }) };
}

function MoreFields() {
  const { t } = useTranslation();
  return (
    <div className="form-grid">
      <Form.Item
        name="division"
        label={t("admin.place.division")}
        rules={[{ required: true, pattern: /^\d{6}$/, message: t("admin.place.divisionWrong") }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="record_area"
        label={t("admin.place.recordArea")}
        rules={[{ pattern: /^(\d{12})?$/, message: t("admin.place.recordAreaWrong") }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="phone" label={t("admin.place.phone")}>
        <Input inputMode="tel" autoComplete="off" />
      </Form.Item>
      <Form.Item name="beds" label={t("admin.place.column.beds")}>
        <InputNumber min={0} max={10_000} className="wide" />
      </Form.Item>
    </div>
  );
}

export function OrganizationForm({ all, known, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const { submit, failure, pending } = useSave(known, onDone);
  const parents = all.filter(({ id }) => id !== known?.id);
  return (
    <Form<Values> layout="vertical" initialValues={initial(known, all)} onFinish={submit}>
      <div className="form-grid">
        <Form.Item
          name="id"
          label={t("admin.place.column.id")}
          rules={[{ required: true, pattern: /^[A-Z][A-Z0-9]{1,15}$/, message: t("admin.place.idWrong") }]}
        >
          <Input disabled={known !== undefined} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="name"
          label={t("admin.place.column.name")}
          rules={[{ required: true, whitespace: true, message: t("admin.place.nameNeeded") }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="kind" label={t("admin.place.column.kind")}>
          <Select options={KINDS.map((value) => ({ value, label: t(`admin.place.kinds.${value}`) }))} />
        </Form.Item>
        <Form.Item name="parent_id" label={t("admin.place.parent")}>
          <Select allowClear options={parents.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
      </div>
      <MoreFields />
      <ProblemNote failure={failure} />
      <span className="row">
        <Button type="primary" htmlType="submit" loading={pending}>
          {t(known === undefined ? "admin.place.save" : "admin.place.saveChange")}
        </Button>
        <Button onClick={onCancel}>{t("admin.cancel")}</Button>
      </span>
    </Form>
  );
}
