/** The line in words: good, slow, reconnecting, down. */
import { RefreshCw, SignalMedium, Wifi, WifiOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Tag } from "./Tag.tsx";

const SLOW_FROM_MS = 400;

interface Props {
  readonly at: "live" | "reconnecting" | "down";
  readonly roundTripMs?: number | null;
}

export function LineTag({ at, roundTripMs = null }: Props) {
  const { t } = useTranslation();
  if (at === "down")
    return (
      <Tag tone="due" icon={WifiOff}>
        {t("app.line.down")}
      </Tag>
    );
  if (at === "reconnecting")
    return (
      <Tag tone="pause" icon={RefreshCw}>
        {t("app.line.reconnecting")}
      </Tag>
    );
  if (roundTripMs !== null && roundTripMs >= SLOW_FROM_MS)
    return (
      <Tag tone="due" icon={SignalMedium}>
        {t("app.line.slowMs", { ms: roundTripMs })}
      </Tag>
    );
  return (
    <Tag tone="ok" icon={Wifi}>
      {roundTripMs === null ? t("app.line.live") : t("app.line.liveMs", { ms: roundTripMs })}
    </Tag>
  );
}
