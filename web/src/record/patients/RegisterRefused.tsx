/** Why a registration was not taken: known already (open that one), or the number stands under another name (ask). */
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Problem } from "../../api/problems.ts";
import { Note } from "../../ui/Note.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";

export function RegisterRefused({ problem, onOpen }: { problem: Problem; onOpen: (patientId: string) => void }) {
  const { t } = useTranslation();
  if (problem.code === "IDENTITY_CONFLICT")
    return (
      <div role="alert">
        <Note tone="over">
          <b>{t("record.register.conflict")}</b> {t("record.register.conflictText")}
        </Note>
      </div>
    );
  const known = problem.facts["patient_id"];
  if (problem.code === "PATIENT_EXISTS" && typeof known === "string")
    return (
      <div role="alert">
        <Note tone="info">
          <div className="row wrap">
            <span className="sp">{t("record.register.exists")}</span>
            <Button
              size="small"
              type="primary"
              onClick={() => {
                onOpen(known);
              }}
            >
              {t("record.register.openKnown")}
            </Button>
          </div>
        </Note>
      </div>
    );
  return <ProblemNote failure={problem} />;
}
