/** Two columns, one row for each field, and a word for each: never a colour alone. */
import { useTranslation } from "react-i18next";
import type { PatientCard, Study } from "../../api/types.ts";
import { Tag, type Tone } from "../../ui/Tag.tsx";
import { identityOf, type FieldName, type Verdict } from "./identity.ts";

const TONES: Readonly<Record<Verdict, Tone>> = { same: "ok", differs: "over", silent: "plain" };

export function IdentityTable({ study, card }: { study: Study; card: PatientCard }) {
  const { t } = useTranslation();
  const shown = (field: FieldName, text: string) => {
    if (text === "") return t("admin.quarantine.notSaid");
    return field === "sex" ? t(`ui.sex.${text as "male" | "female" | "unknown"}`) : text;
  };
  return (
    <table className="identity">
      <thead>
        <tr>
          <th scope="col">{t("admin.quarantine.field.what")}</th>
          <th scope="col">{t("admin.quarantine.field.said")}</th>
          <th scope="col">{t("admin.quarantine.field.known")}</th>
          <th scope="col">{t("admin.quarantine.field.verdict")}</th>
        </tr>
      </thead>
      <tbody>
        {identityOf(study.dicom_patient, card).map(({ field, said, known, verdict }) => (
          <tr key={field}>
            <th scope="row">{t(`admin.quarantine.field.${field}`)}</th>
            <td>{shown(field, said)}</td>
            <td>{shown(field, known)}</td>
            <td>
              <Tag tone={TONES[verdict]}>{t(`admin.quarantine.verdict.${verdict}`)}</Tag>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
