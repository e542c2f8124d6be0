/** One person's account: roles, a new password, closing it. What is closed keeps its history. */
import { useMutation } from "@tanstack/react-query";
import { App, Button, Form, Input } from "antd";
import { Ban, KeyRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { useUser } from "../../api/resources/session.ts";
import { users } from "../../api/resources/users.ts";
import type { User } from "../../api/types.ts";
import { Note } from "../../ui/Note.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { useToast } from "../../ui/useToast.tsx";
import { When } from "../../ui/When.tsx";

function Password({ user }: { user: User }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [form] = Form.useForm<{ readonly password: string }>();
  const reset = useMutation(users.resetPassword);
  return (
    <Form
      form={form}
      layout="vertical"
      onFinish={({ password }) => {
        reset.mutate(
          { id: user.id, key: newKey(), password },
          {
            onSuccess: () => {
              form.resetFields();
              toast(t("admin.user.passwordDone", { name: user.name }));
            },
          },
        );
      }}
    >
      <Form.Item
        name="password"
        label={t("admin.user.newPassword")}
        extra={t("admin.user.passwordHint")}
        rules={[{ required: true, min: 10, message: t("admin.user.passwordShort") }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <ProblemNote failure={reset.error} />
      <Button htmlType="submit" icon={<KeyRound aria-hidden="true" />} loading={reset.isPending}>
        {t("admin.user.resetPassword")}
      </Button>
    </Form>
  );
}

function Close({ user }: { user: User }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const me = useUser();
  const disable = useMutation(users.disable);
  if (user.disabled_at !== null)
    return (
      <Note>
        {t("admin.user.closedAt")} <When at={user.disabled_at} />
      </Note>
    );
  if (me.id === user.id) return <Note>{t("admin.user.notMyself")}</Note>;
  return (
    <>
      <span>
        <Button
          danger
          icon={<Ban aria-hidden="true" />}
          loading={disable.isPending}
          onClick={() => {
            modal.confirm({
              title: t("admin.user.disableTitle", { name: user.name }),
              content: t("admin.user.disableText"),
              okText: t("admin.user.disable"),
              okButtonProps: { danger: true },
              onOk: () => {
                disable.mutate({ id: user.id, key: newKey() });
              },
            });
          }}
        >
          {t("admin.user.disable")}
        </Button>
      </span>
      <ProblemNote failure={disable.error} />
    </>
  );
}

export function UserDetail({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <Panel title={user.name} aside={user.username}>
      <div className="col g16">
        <dl className="dl">
          <dt>{t("admin.user.title")}</dt>
          <dd>{user.title || "–"}</dd>
          <dt>{t("admin.user.phone")}</dt>
          <dd>{user.phone || "–"}</dd>
          <dt>{t("admin.user.secondFactor")}</dt>
          <dd>{t(user.second_factor ? "admin.user.enrolled" : "admin.user.notEnrolled")}</dd>
        </dl>
        <ul className="col g4" aria-label={t("admin.user.roles")}>
          {user.roles.map(({ role, organization, centre }) => (
            <li key={`${role}${organization.id}${centre?.id ?? ""}`} className="row wrap">
              <Tag tone="brand">{t(`app.role.${role}`)}</Tag>
              <span className="s13">
                {organization.name} {centre?.name}
              </span>
            </li>
          ))}
        </ul>
        {user.disabled_at === null && <Password user={user} />}
        <Close user={user} />
      </div>
    </Panel>
  );
}
