/** The patient's link as a code to scan and an address to copy. */
import { Button, QRCode } from "antd";
import { Copy } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { civil } from "../api/clock.ts";
import { useToast } from "../ui/useToast.tsx";

interface Made {
  readonly url: string;
  readonly expires_at: string;
}

/** The clipboard exists only on HTTPS and localhost: elsewhere the address is selected for the hand. */
async function copied(url: string, field: HTMLInputElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(url);
    return true;
  } catch {
    field?.select();
    return false;
  }
}

export function PatientCode({ made }: { made: Made }) {
  const { t } = useTranslation();
  const toast = useToast();
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    if (await copied(made.url, field.current)) toast(t("room.entry.copied"));
  };
  return (
    <div className="col g12">
      <p className="co-said">{t("room.entry.linkText")}</p>
      <div className="co-code" role="img" aria-label={t("room.entry.qr")}>
        <QRCode value={made.url} size={208} bordered={false} bgColor="#ffffff" color="#13201e" />
      </div>
      <input ref={field} className="co-link" readOnly value={made.url} aria-label={t("room.entry.linkTitle")} />
      <span className="mut s13">
        {t("room.entry.linkUntil", { until: `${civil(made.expires_at).date} ${civil(made.expires_at).time}` })}
      </span>
      <Button type="primary" icon={<Copy aria-hidden="true" />} onClick={() => void copy()}>
        {t("room.entry.copy")}
      </Button>
    </div>
  );
}
