/** A record without care relation: what happened, what is safe, and the way in when a life depends on it. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { KeyRound, Lock } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { newKey } from "../../api/client.ts";
import { patients } from "../../api/resources/patients.ts";
import { ReasonDialog } from "../ReasonDialog.tsx";

export function LockCard({ id }: { id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const breaking = useMutation(patients.breakGlass);
  return (
    <section className="card failure reading-width" role="alert">
      <Lock aria-hidden="true" />
      <div className="failure-body">
        <h2>{t("record.lock.title")}</h2>
        <dl className="dl">
          <dt>{t("ui.happened")}</dt>
          <dd>{t("record.lock.happened")}</dd>
          <dt>{t("ui.safe")}</dt>
          <dd>{t("record.lock.safe")}</dd>
          <dt>{t("ui.youMay")}</dt>
          <dd>{t("record.lock.youMay")}</dd>
        </dl>
        <div className="actions-bar">
          <Button
            danger
            icon={<KeyRound aria-hidden="true" />}
            onClick={() => {
              setAsking(true);
            }}
          >
            {t("record.lock.break")}
          </Button>
          <Button onClick={() => void navigate("/patients")}>{t("record.lock.back")}</Button>
        </div>
      </div>
      {asking && (
        <ReasonDialog
          title={t("record.lock.break")}
          text={t("record.lock.breakText")}
          submit={t("record.lock.break")}
          danger
          failure={breaking.error}
          pending={breaking.isPending}
          onClose={() => {
            setAsking(false);
          }}
          onReason={(reason) => {
            breaking.mutate({ id, reason, key: newKey() });
          }}
        />
      )}
    </section>
  );
}
