/** Somebody rings for an expert now: seen on every page and heard until she answers, or the next one is rung. */
import { useQuery } from "@tanstack/react-query";
import { PhoneIncoming } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { consults } from "../../api/resources/consults.ts";
import { hasRole, useUser } from "../../api/resources/session.ts";
import { ring } from "./ring.ts";

/** The stream says it at once; where it is down, this often is looked. */
const LOOK_MS = 10_000;
const RING_MS = 3_000;
const RINGING = consults.list({ box: "mine", state: "ringing", limit: 5 });

function useRing(on: boolean): void {
  useEffect(() => {
    if (!on) return undefined;
    ring();
    const timer = setInterval(ring, RING_MS);
    return () => {
      clearInterval(timer);
    };
  }, [on]);
}

export function Ringing() {
  const { t } = useTranslation();
  const user = useUser();
  const { pathname } = useLocation();
  const { data } = useQuery({ ...RINGING, enabled: hasRole(user, "consultant"), refetchInterval: LOOK_MS });
  const rung = data?.items.find(({ experts }) => experts[0]?.id === user.id);
  const room = rung && `/consults/${rung.id}/room`;
  const rings = rung !== undefined && pathname !== room;
  useRing(rings);
  if (!rings) return null;
  return (
    <section className="ring-band" role="alert">
      <PhoneIncoming aria-hidden="true" />
      <span>
        <b>{t("app.ring.title")}</b> {t("app.ring.text", { from: rung.from.name, who: rung.applicant.name })}
      </span>
      <Link to={`/consults/${rung.id}/room`}>{t("app.ring.answer")}</Link>
    </section>
  );
}
