/** When a place's devices were last heard; silence is said in words, with how long. */
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleDashed, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { instant } from "../../api/clock.ts";
import { organizations } from "../../api/resources/organizations.ts";
import { useNow } from "../../ui/useNow.ts";
import { useSpanText } from "../../ui/useSpanText.ts";

/** A device that speaks daily and has been silent for longer is worth a look. */
const QUIET_MS = 24 * 3_600_000;

export function Heard({ at }: { at: string | null }) {
  const { t } = useTranslation();
  const now = useNow(30_000);
  const span = useSpanText();
  if (at === null)
    return (
      <span className="mut nw">
        <CircleDashed aria-hidden="true" /> {t("admin.device.never")}
      </span>
    );
  const silence = Math.max(0, now - instant(at));
  const quiet = silence > QUIET_MS;
  return (
    <span className={quiet ? "duec nw" : "okc nw"}>
      {quiet ? <TriangleAlert aria-hidden="true" /> : <CircleCheck aria-hidden="true" />}{" "}
      {t(quiet ? "admin.device.silent" : "admin.device.heard", { span: span.words(silence) })}
    </span>
  );
}

export function Heartbeat({ organization }: { organization: string }) {
  const { t } = useTranslation();
  const titles = useQuery(organizations.aeTitles(organization));
  const live = (titles.data?.items ?? []).filter(({ disabled_at }) => disabled_at === null);
  if (titles.isPending) return <span className="mut">…</span>;
  if (live.length === 0) return <span className="mut nw">{t("admin.device.none")}</span>;
  const last = live
    .map(({ last_seen_at }) => last_seen_at)
    .filter((at) => at !== null)
    .toSorted()
    .at(-1);
  return <Heard at={last ?? null} />;
}
