/** How long a hold still keeps its bed: a ring with the share left, and digits. Only held tiles tick. */
import { useTranslation } from "react-i18next";
import { instant } from "../../api/clock.ts";
import type { BedHold } from "../../api/types.ts";
import { useNow } from "../../ui/useNow.ts";
import { useSpanText } from "../../ui/useSpanText.ts";

const AROUND = 2 * Math.PI * 9;
const NEAR_MS = 600_000;
const HOUR_MS = 3_600_000;

interface Left {
  readonly ms: number;
  readonly share: number;
}

function leftOf({ from, expires_at }: BedHold & { readonly expires_at: string }, now: number): Left {
  const end = instant(expires_at);
  const ms = Math.max(0, end - now);
  const whole = end - instant(from);
  return { ms, share: whole > 0 ? Math.min(1, ms / whole) : 0 };
}

export function Countdown({ hold }: { hold: BedHold }) {
  const { t } = useTranslation();
  const span = useSpanText();
  const { expires_at } = hold;
  const coarse = useNow(30_000);
  const isShort = expires_at !== null && instant(expires_at) - coarse < HOUR_MS + 30_000;
  const now = useNow(isShort ? 1_000 : 30_000);
  if (expires_at === null) return <span className="bb-word">{t("referral.bedState.held")}</span>;
  const { ms, share } = leftOf({ ...hold, expires_at }, now);
  return (
    <span className={ms <= NEAR_MS ? "bb-left bb-near" : "bb-left"}>
      <svg className="bb-ring" viewBox="0 0 24 24" aria-hidden="true">
        <circle className="bb-ring-track" cx="12" cy="12" r="9" />
        <circle
          className="bb-ring-share"
          cx="12"
          cy="12"
          r="9"
          strokeDasharray={`${(share * AROUND).toFixed(1)} ${AROUND.toFixed(1)}`}
          transform="rotate(-90 12 12)"
        />
      </svg>
      {t("beds.kept", { left: span.digits(ms) })}
    </span>
  );
}
