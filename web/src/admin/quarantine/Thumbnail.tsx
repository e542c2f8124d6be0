/** One picture of the study, drawn by the hub; where there is none (a waveform, a document) the kind says so. */
import { ImageOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

export function Thumbnail({ uid, text }: { uid: string; text: string }) {
  const { t } = useTranslation();
  const [missing, setMissing] = useState(false);
  if (missing)
    return (
      <span className="thumb thumb-none">
        <ImageOff aria-hidden="true" />
        <span className="s12 mut">{t("admin.quarantine.noPicture")}</span>
      </span>
    );
  return (
    <img
      className="thumb"
      src={`/dicom-web/studies/${encodeURIComponent(uid)}/thumbnail`}
      alt={t("admin.quarantine.picture", { what: text })}
      onError={() => {
        setMissing(true);
      }}
    />
  );
}
