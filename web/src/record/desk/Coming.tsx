/** Beside the desk: who comes home today, and which visits are due. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { followUps } from "../../api/resources/follow-ups.ts";
import { referrals } from "../../api/resources/referrals.ts";
import { hasRole, useUser } from "../../api/resources/session.ts";
import { Panel } from "../../ui/Panel.tsx";
import { RiskTier } from "../../ui/RiskTier.tsx";
import { DownRow } from "../home/DownRow.tsx";
import { Due } from "../visits/Due.tsx";
import "../home/home.css";

const SHOWN = 5;

export function Homecoming() {
  const { t } = useTranslation();
  const may = hasRole(useUser(), "township-doctor", "family-doctor");
  const down = useQuery({ ...referrals.list({ box: "down", limit: 200 }), enabled: may });
  const waiting = (down.data?.items ?? []).filter(({ state }) => state === "handed-over");
  if (waiting.length === 0) return null;
  return (
    <Panel
      title={t("township.down")}
      flush
      actions={<Link to="/down">{t("township.all", { count: waiting.length })}</Link>}
    >
      <ul className="items desk-narrow" aria-label={t("township.down")}>
        {waiting.slice(0, SHOWN).map((ticket) => (
          <DownRow key={ticket.id} ticket={ticket} />
        ))}
      </ul>
    </Panel>
  );
}

export function DueVisits() {
  const { t } = useTranslation();
  const may = hasRole(useUser(), "township-doctor", "family-doctor");
  const visits = useQuery({ ...followUps.list({ limit: SHOWN }), enabled: may });
  const items = visits.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel title={t("township.visits")} flush actions={<Link to="/follow-ups">{t("township.allVisits")}</Link>}>
      <ul className="items desk-narrow" aria-label={t("township.visits")}>
        {items.map((visit) => (
          <li key={visit.id}>
            <Link to={`/follow-ups/${visit.id}`} className="hm-row">
              <b className="nw">{visit.patient?.name}</b>
              <RiskTier tier={visit.tier} />
              <span className="sp" />
              <Due visit={visit} />
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
