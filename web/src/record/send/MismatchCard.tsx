/** 病人对不上: what the images say beside whom was chosen, field by field. Nothing has been sent. */
import { Button, Checkbox } from "antd";
import { UserX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Tag, type Tone } from "../../ui/Tag.tsx";
import type { ComparedField, Comparison, Verdict } from "./model/compare.ts";

const TONES: Readonly<Record<Verdict, Tone>> = { same: "ok", doubt: "due", differs: "over", silent: "plain" };

function useShown() {
  const { t } = useTranslation();
  return ({ field }: ComparedField, text: string) => {
    if (text === "") return t("record.compare.nothing");
    return field === "sex" ? t(`ui.sex.${text as "male" | "female" | "unknown"}`) : text;
  };
}

export function ComparisonTable({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const shown = useShown();
  return (
    <table className="compare">
      <thead>
        <tr>
          <th scope="col">{t("record.compare.field")}</th>
          <th scope="col">{t("record.compare.images")}</th>
          <th scope="col">{t("record.compare.chosen")}</th>
          <th scope="col">{t("record.compare.verdict")}</th>
        </tr>
      </thead>
      <tbody>
        {comparison.fields.map((it) => (
          <tr key={it.field}>
            <th scope="row">{t(`record.compare.${it.field}`)}</th>
            <td>{shown(it, it.images)}</td>
            <td>{shown(it, it.chosen)}</td>
            <td>
              <Tag tone={TONES[it.verdict]}>{t(`record.compare.verdicts.${it.verdict}`)}</Tag>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Props {
  readonly comparison: Comparison;
  readonly confirmed: boolean;
  readonly onConfirm: (confirmed: boolean) => void;
  readonly onOtherPatient: (() => void) | null;
  readonly onOtherFiles: () => void;
}

export function MismatchCard({ comparison, confirmed, onConfirm, onOtherPatient, onOtherFiles }: Props) {
  const { t } = useTranslation();
  if (comparison.verdict === "same") return null;
  const doubt = comparison.verdict === "doubt";
  return (
    <section className="card failure mismatch" role="alert">
      <UserX aria-hidden="true" />
      <div className="failure-body">
        <h3>{t(doubt ? "record.compare.doubtTitle" : "record.compare.title")}</h3>
        <ComparisonTable comparison={comparison} />
        <p className="s13 sub">{t(doubt ? "record.compare.doubtText" : "record.compare.text")}</p>
        {doubt ? (
          <Checkbox
            checked={confirmed}
            onChange={(event) => {
              onConfirm(event.target.checked);
            }}
          >
            {t("record.compare.confirm")}
          </Checkbox>
        ) : (
          <div className="actions-bar">
            <Button onClick={onOtherFiles}>{t("record.compare.otherFiles")}</Button>
            {onOtherPatient !== null && <Button onClick={onOtherPatient}>{t("record.compare.otherPatient")}</Button>}
          </div>
        )}
      </div>
    </section>
  );
}
