/** The phone's navigation: four ways and the person's own page, at the bottom where the thumb is. */
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { useUser } from "../../api/resources/session.ts";
import { ME, waysOf } from "./navigation.ts";
import { useCounters } from "./useCounters.ts";

const ROOM = 4;

export function TabBar() {
  const { t } = useTranslation();
  const countOf = useCounters();
  const ways = [...waysOf(useUser()).slice(0, ROOM), ME];
  return (
    <nav className="tab-bar" aria-label={t("app.nav.main")}>
      {ways.map((way) => {
        const count = countOf(way);
        return (
          <NavLink key={way.to} to={way.to} className="tab-way">
            <way.icon aria-hidden="true" />
            <span>{t(way.text)}</span> {count > 0 && <span className="rail-count">{count > 99 ? "99+" : count}</span>}
          </NavLink>
        );
      })}
    </nav>
  );
}
