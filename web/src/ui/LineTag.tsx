/** The line in words: good, slow, reconnecting, down. */
import { RefreshCw, SignalMedium, Wifi, WifiOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Tag } from "./Tag.tsx";

const SLOW_FROM_MS = 400;

interface Props {
  readonly at: "live" | "reconnecting" | "down";
  readonly roundTripMs?: number | null;
  /** On the phone a good line has no number: the ticket's stands beside it. */
  readonly brief?: boolean;
}

function Live({ roundTripMs, brief }: { roundTripMs: number | null; brief: boolean }) {
  const { t } = useTranslation();
  if (roundTripMs !== null && roundTripMs >= SLOW_FROM_MS)
    return (
      <Tag tone="due" icon={SignalMedium}>
        {t("app.line.slowMs", { ms: roundTripMs })}
      </Tag>
    );
  return (
    <Tag tone="ok" icon={Wifi}>
      {brief || roundTripMs === null ? t("app.line.live") : t("app.line.liveMs", { ms: roundTripMs })}
    </Tag>
  );
}

export function LineTag({ at, roundTripMs = null, brief = false }: Props) {
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
  return <Live roundTripMs={roundTripMs} brief={brief} />;
}
