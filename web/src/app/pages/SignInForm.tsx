/** User name, password, and the one-time code when the hub asks for it. Used by the page and by the lock screen. */
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { TriangleAlert } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { codeOf } from "../../api/problems.ts";
import { sessions } from "../../api/resources/session.ts";
import type { Session } from "../../api/types.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";

interface Fields {
  readonly username: string;
  readonly password: string;
  readonly otp?: string;
}

interface Props {
  /** For the lock screen: the person who was at work. */
  readonly username?: string;
  readonly onEntered: (session: Session) => void;
}

const ASKS_FOR_CODE: ReadonlySet<string> = new Set(["OTP"]);

function useCapsLock() {
  const [on, setOn] = useState(false);
  return {
    on,
    watch: (event: KeyboardEvent) => {
      setOn(event.getModifierState("CapsLock"));
    },
  };
}

export function SignInForm({ username, onEntered }: Props) {
  const { t } = useTranslation();
  const caps = useCapsLock();
  const enter = useMutation({ mutationFn: sessions.enter, retry: false, networkMode: "always", onSuccess: onEntered });
  const [asked, setAsked] = useState(false);
  const wantsCode = asked || ASKS_FOR_CODE.has(codeOf(enter.error));
  const submit = ({ otp, ...fields }: Fields) => {
    setAsked(wantsCode);
    enter.mutate(otp ? { ...fields, otp } : fields);
  };
  const given = username === undefined ? {} : { username };
  return (
    <Form<Fields> layout="vertical" size="large" requiredMark={false} initialValues={given} onFinish={submit}>
      <Form.Item
        name="username"
        label={t("app.signIn.username")}
        rules={[{ required: true, message: t("app.signIn.usernameNeeded") }]}
      >
        <Input autoComplete="username" autoCapitalize="none" spellCheck={false} readOnly={username !== undefined} />
      </Form.Item>
      <Form.Item
        name="password"
        label={t("app.signIn.password")}
        rules={[{ required: true, message: t("app.signIn.passwordNeeded") }]}
        extra={
          caps.on && (
            <span className="row g4 duec" role="status">
              <TriangleAlert aria-hidden="true" />
              {t("app.signIn.capsLock")}
            </span>
          )
        }
      >
        <Input.Password autoComplete="current-password" onKeyDown={caps.watch} onKeyUp={caps.watch} />
      </Form.Item>
      {wantsCode && (
        <Form.Item name="otp" label={t("app.signIn.otp")} extra={t("app.signIn.otpHint")}>
          <Input className="otp" inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
        </Form.Item>
      )}
      {enter.isError && <ProblemNote failure={enter.error} />}
      <Button className="sign-in-button" type="primary" htmlType="submit" block loading={enter.isPending}>
        {enter.isPending ? t("app.signIn.submitting") : t("app.signIn.submit")}
      </Button>
    </Form>
  );
}
