/** For whom: always in sight while something is sent. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Patient } from "../../api/types.ts";
import { PatientBanner } from "../../ui/Patient.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { recordNumber, summaryOf } from "../orderWords.ts";

export function ChosenPatient({ patient, onOther }: { patient: Patient; onOther: (() => void) | null }) {
  const { t, i18n } = useTranslation();
  return (
    <PatientBanner patient={summaryOf(patient, i18n.language)}>
      {patient.record_number !== null && (
        <span className="s13 mut nw">
          {t("record.patient.record", { number: recordNumber(patient.record_number) })}
        </span>
      )}
      <Tag tone={patient.allergies === "" ? "plain" : "over"}>
        {patient.allergies === ""
          ? t("record.patient.noAllergies")
          : t("ui.patient.allergy", { what: patient.allergies })}
      </Tag>
      {onOther !== null && (
        <Button type="link" size="small" onClick={onOther}>
          {t("record.compare.otherPatient")}
        </Button>
      )}
    </PatientBanner>
  );
}
