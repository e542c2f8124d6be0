/** A new account with its roles; the first password is handed over in person. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { organizations } from "../../api/resources/organizations.ts";
import { users } from "../../api/resources/users.ts";
import type { UserNew } from "../../api/types.ts";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { useToast } from "../../ui/useToast.tsx";
import { RoleFields, type RoleValue } from "./RoleFields.tsx";

interface Values {
  readonly username: string;
  readonly name: string;
  readonly title?: string;
  readonly phone?: string;
  readonly password: string;
  readonly roles: readonly RoleValue[];
}

function bodyOf({ title = "", phone = "", roles, ...rest }: Values): UserNew {
  return {
    ...rest,
    title,
    phone,
    roles: roles.map(({ role, organization_id, centre_id }) => ({
      role,
      organization_id,
      ...(centre_id === undefined ? {} : { centre_id }),
    })),
  };
}

function PersonFields() {
  const { t } = useTranslation();
  return (
    <div className="form-grid">
      <Form.Item
        name="username"
        label={t("admin.user.username")}
        rules={[{ required: true, pattern: /^[a-z][a-z0-9._-]{1,31}$/, message: t("admin.user.usernameWrong") }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="name"
        label={t("admin.user.name")}
        rules={[{ required: true, whitespace: true, message: t("errors.NAME_REQUIRED.text") }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="title" label={t("admin.user.title")}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="phone" label={t("admin.user.phone")}>
        <Input inputMode="tel" autoComplete="off" />
      </Form.Item>
    </div>
  );
}

export function UserForm({ onDone, onCancel }: { onDone: (id: string) => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const create = useMutation(users.create);
  const places = useQuery(organizations.list);
  const submit = (values: Values) => {
    create.mutate(
      { key: newKey(), body: bodyOf(values) },
      {
        onSuccess: ({ id, name }) => {
          toast(t("admin.user.added", { name }));
          onDone(id);
        },
      },
    );
  };
  return (
    <Panel title={t("admin.user.add")}>
      <Form<Values> layout="vertical" initialValues={{ roles: [{}] }} onFinish={submit}>
        <PersonFields />
        <RoleFields places={places.data?.items ?? []} />
        <Form.Item
          name="password"
          label={t("admin.user.firstPassword")}
          extra={t("admin.user.passwordHint")}
          rules={[{ required: true, min: 10, message: t("admin.user.passwordShort") }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <ProblemNote failure={create.error} />
        <span className="row">
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {t("admin.user.save")}
          </Button>
          <Button onClick={onCancel}>{t("admin.cancel")}</Button>
        </span>
      </Form>
    </Panel>
  );
}
