/** The navigation of desk and tablet: an icon and two or three characters, always with its word. */
import { CircleQuestionMark } from "lucide-react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { useUser } from "../../api/resources/session.ts";
import { Logo } from "../../ui/Logo.tsx";
import { waysOf } from "./navigation.ts";
import { useCounters } from "./useCounters.ts";

export function Rail({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation();
  const countOf = useCounters();
  const ways = waysOf(useUser());
  return (
    <nav className="rail" aria-label={t("app.nav.main")}>
      <NavLink to="/" className="rail-logo" aria-label={t("app.name")}>
        <Logo />
      </NavLink>
      {ways.map((way) => {
        const count = countOf(way);
        return (
          <NavLink key={way.to} to={way.to} className="rail-way">
            <way.icon aria-hidden="true" />
            <span>{t(way.text)}</span> {count > 0 && <span className="rail-count">{count > 99 ? "99+" : count}</span>}
          </NavLink>
        );
      })}
      <span className="sp" />
      <button type="button" className="rail-way" onClick={onHelp}>
        <CircleQuestionMark aria-hidden="true" />
        <span>{t("app.nav.help")}</span>
      </button>
    </nav>
  );
}
