/** What the ID number says while it is typed, beside its field: never only after sending. */
import { CircleCheck, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { readId } from "./residentId.ts";

export function IdHint({ raw, today }: { raw: string; today: string }) {
  const { t } = useTranslation();
  const read = readId(raw, today);
  if (read.at === "typing")
    return (
      <span className="s12 mut" role="status">
        {raw === "" ? t("record.register.cardHint") : t("record.register.cardLeft", { count: read.left })}
      </span>
    );
  if (read.at === "wrong")
    return (
      <span className="s12 overc" role="status">
        <TriangleAlert aria-hidden="true" /> {t(`errors.${read.fault}.text`)}{" "}
        <span className="sub">{t(`errors.${read.fault}.next`)}</span>
      </span>
    );
  return (
    <span className="s12 okc" role="status">
      <CircleCheck aria-hidden="true" />{" "}
      {t("record.register.cardGood", { sex: t(`ui.sex.${read.id.sex}`), born: read.id.birthDate })}
    </span>
  );
}
