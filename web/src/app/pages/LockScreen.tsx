/** The session is over while somebody was at work: the page beneath stays as it is, with everything unsaved. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useUser } from "../../api/resources/session.ts";
import { useAccount } from "../session.tsx";
import { SignInForm } from "./SignInForm.tsx";
import "./sign-in.css";

export function LockScreen() {
  const { t } = useTranslation();
  const user = useUser();
  const account = useAccount();
  return (
    <div className="lock" role="dialog" aria-modal="true" aria-labelledby="lock-title">
      <div className="card lock-card sign-in-form">
        <div>
          <h1 id="lock-title">{t("app.lock.title")}</h1>
          <p className="sub">{t("app.lock.text")}</p>
        </div>
        <SignInForm username={user.username} onEntered={account.enter} />
        <Button type="link" onClick={account.leave}>
          {t("app.lock.other")}
        </Button>
      </div>
    </div>
  );
}
