/** Words in the top bar that belong to the page: how long the claim holds. */
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { instant } from "../../api/clock.ts";
import type { OrderDetail } from "../../api/types.ts";
import { useNow } from "../../ui/useNow.ts";
import { useScreen } from "../../ui/useScreen.ts";
import { useSpanText } from "../../ui/useSpanText.ts";

export function LeaseWords({ order, me }: { order: OrderDetail; me: string }) {
  const { t } = useTranslation();
  const now = useNow(1_000);
  const span = useSpanText();
  const slot = document.getElementById("top-slot");
  if (useScreen() !== "desk" || slot === null || order.claim_expires_at === null || order.claimed_by?.id !== me)
    return null;
  const left = Math.max(0, instant(order.claim_expires_at) - now);
  return createPortal(<span className="s13 sub nw">{t("reading.lease", { left: span.digits(left) })}</span>, slot);
}
