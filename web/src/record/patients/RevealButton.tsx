/** The eye: plain numbers for ten seconds, with a reason, on record. Then masked again, and nothing of them kept. */
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { Eye } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { newKey } from "../../api/client.ts";
import { patients } from "../../api/resources/patients.ts";
import { ReasonDialog } from "../ReasonDialog.tsx";

export function RevealButton({ id, masked }: { id: string; masked: string }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const reveal = useMutation(patients.reveal);
  const { data: shown, reset } = reveal;
  useEffect(() => {
    if (shown === undefined) return undefined;
    const timer = setTimeout(reset, shown.shown_seconds * 1_000);
    return () => {
      clearTimeout(timer);
    };
  }, [shown, reset]);
  return (
    <span className="row g4 nw">
      <span>{shown === undefined ? masked : (shown.resident_id ?? shown.identifiers[0]?.value)}</span>
      {shown === undefined ? (
        <Button
          type="text"
          size="small"
          icon={<Eye aria-hidden="true" />}
          aria-label={t("ui.patient.reveal")}
          title={t("ui.patient.reveal")}
          onClick={() => {
            setAsking(true);
          }}
        />
      ) : (
        <span className="s12 duec" role="status">
          {t("record.patient.shownFor", { seconds: shown.shown_seconds })}
        </span>
      )}
      {asking && (
        <ReasonDialog
          title={t("ui.patient.reveal")}
          text={t("record.patient.revealText")}
          submit={t("record.patient.show")}
          failure={reveal.error}
          pending={reveal.isPending}
          onClose={() => {
            setAsking(false);
          }}
          onReason={(reason) => {
            reveal.mutate(
              { id, reason, key: newKey() },
              {
                onSuccess: () => {
                  setAsking(false);
                },
              },
            );
          }}
        />
      )}
    </span>
  );
}
