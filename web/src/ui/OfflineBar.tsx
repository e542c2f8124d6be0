/** The line is down: since when, what waits, whom to call. Amber, never red: nothing is lost. */
import { WifiOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { civil, type Instant } from "../api/clock.ts";
import "./notes.css";

export function OfflineBar({ since, waiting }: { since: Instant; waiting: number }) {
  const { t } = useTranslation();
  return (
    <div className="offline-bar" role="status">
      <WifiOff aria-hidden="true" />
      <span>
        <b>{t("app.offline.since", { time: civil(since).time })}</b>
        {t("app.offline.text")}
        {waiting > 0 && t("app.offline.waiting", { count: waiting })}
        <b>{t("app.offline.emergency")}</b>
      </span>
    </div>
  );
}
