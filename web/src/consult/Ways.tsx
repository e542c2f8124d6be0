/** From the requests to the day's schedule and to the experts, and back. */
import { CalendarDays, MessagesSquare, UsersRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";

export function Ways() {
  const { t } = useTranslation();
  return (
    <nav className="row wrap co-ways" aria-label={t("consult.title")}>
      <NavLink to="/consults" end>
        <MessagesSquare aria-hidden="true" /> {t("consult.ways.requests")}
      </NavLink>
      <NavLink to="/consults/schedule">
        <CalendarDays aria-hidden="true" /> {t("consult.ways.schedule")}
      </NavLink>
      <NavLink to="/consults/experts">
        <UsersRound aria-hidden="true" /> {t("consult.ways.experts")}
      </NavLink>
    </nav>
  );
}
