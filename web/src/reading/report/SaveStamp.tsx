/** Where the words are: on the way, kept since when, or only here because the line is down. */
import { Check, CloudOff, Loader } from "lucide-react";
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import { isDirty, type Draft } from "./draft.ts";

export function SaveStamp({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  if (draft.saving.at === "failed")
    return (
      <span className="stamp duec" role="status">
        <CloudOff aria-hidden="true" /> {t("reading.stamp.failed")}
      </span>
    );
  if (draft.saving.at === "saving" || isDirty(draft))
    return (
      <span className="stamp">
        <Loader aria-hidden="true" /> {t("reading.stamp.saving")}
      </span>
    );
  if (draft.savedAt === null) return <span className="stamp">{t("reading.stamp.new")}</span>;
  return (
    <span className="stamp" role="status">
      <Check aria-hidden="true" /> {t("reading.stamp.saved", { time: civil(draft.savedAt).timeWithSeconds })}
    </span>
  );
}
