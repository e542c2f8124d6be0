/** Referrals of a resident, up and home, and what is planned next. */
import { useQuery } from "@tanstack/react-query";
import { ArrowDownLeft, ArrowUpRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { followUps } from "../../api/resources/follow-ups.ts";
import { referrals } from "../../api/resources/referrals.ts";
import { hasRole, useUser } from "../../api/resources/session.ts";
import { Panel } from "../../ui/Panel.tsx";
import { RiskTier } from "../../ui/RiskTier.tsx";
import { Due } from "../visits/Due.tsx";
import "./home.css";

export function Tickets({ patient }: { patient: string }) {
  const { t, i18n } = useTranslation();
  const may = hasRole(useUser(), "township-doctor", "family-doctor");
  const tickets = useQuery({ ...referrals.list({ patient, limit: 20 }), enabled: may });
  const visits = useQuery({ ...followUps.list({ patient, limit: 20 }), enabled: may });
  const [first] = visits.data?.items ?? [];
  return (
    <>
      {first !== undefined && (
        <Panel title={t("township.upcoming")} actions={<RiskTier tier={first.tier} />} flush>
          <ul className="items" aria-label={t("township.upcoming")}>
            {visits.data?.items.map((visit) => (
              <li key={visit.id}>
                <Link to={`/follow-ups/${visit.id}`} className="hm-row">
                  <span className="sp">{i18n.language === "en" ? visit.words.en : visit.words.zh}</span>
                  <Due visit={visit} />
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {tickets.data !== undefined && tickets.data.items.length > 0 && (
        <Panel title={t("township.tickets")} flush>
          <ul className="items" aria-label={t("township.tickets")}>
            {tickets.data.items.map((ticket) => (
              <li key={ticket.id}>
                <Link to={`/referrals/${ticket.id}`} className="hm-row">
                  {ticket.direction === "down" ? (
                    <ArrowDownLeft aria-hidden="true" />
                  ) : (
                    <ArrowUpRight aria-hidden="true" />
                  )}
                  <span className="sp">
                    {t(`referral.direction.${ticket.direction}`)} {ticket.number}
                  </span>
                  <span className="s13 sub">{t(`referral.state.${ticket.state}`)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}
