/** The head of every page: title, search, the line in words, who is at the screen. */
import { Dropdown } from "antd";
import { ChevronLeft, Search } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { sessions, useUser } from "../../api/resources/session.ts";
import type { Line } from "../../live/index.ts";
import { Kbd } from "../../ui/Kbd.tsx";
import { LineTag } from "../../ui/LineTag.tsx";
import { useScreen } from "../../ui/useScreen.ts";
import { useAccount } from "../session.tsx";

function SearchBox() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <form
      role="search"
      className="search"
      onSubmit={(event) => {
        event.preventDefault();
        const q = new FormData(event.currentTarget).get("q");
        if (typeof q === "string" && q.trim() !== "") void navigate(`/patients?q=${encodeURIComponent(q.trim())}`);
      }}
    >
      <Search aria-hidden="true" />
      <input
        id="search"
        name="q"
        autoComplete="off"
        aria-label={t("app.search.label")}
        placeholder={t("app.search.placeholder")}
      />
      <Kbd keys="/" />
    </form>
  );
}

function Person() {
  const { t } = useTranslation();
  const user = useUser();
  const navigate = useNavigate();
  const account = useAccount();
  const [first] = user.roles;
  const leave = async () => {
    await sessions.leave();
    account.leave();
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "me", label: t("app.me.title") },
          { key: "leave", label: t("app.me.signOut") },
        ],
        onClick: ({ key }) => {
          if (key === "me") void navigate("/me");
          else void leave();
        },
      }}
    >
      <button type="button" className="person">
        <span className="person-words">
          <span>
            <b>{user.name}</b> {user.title}
          </span>
          <span className="mut">
            {first?.organization.name} {first?.centre?.name}
          </span>
        </span>
        <span className="avatar" aria-hidden="true">
          {user.name.slice(0, 1)}
        </span>
        <span className="visually-hidden">{t("app.account.menu", { name: user.name })}</span>
      </button>
    </Dropdown>
  );
}

export function TopBar({ title, back, line }: { title: string; back: string | null; line: Line }) {
  const { t } = useTranslation();
  const screen = useScreen();
  const phone = screen === "phone";
  const tag =
    line.at === "live" ? <LineTag at="live" roundTripMs={line.roundTripMs} brief={phone} /> : <LineTag at={line.at} />;
  return (
    <header className="top">
      {phone && back !== null && (
        <Link to={back} className="top-back" aria-label={t("app.missing.home")}>
          <ChevronLeft aria-hidden="true" />
        </Link>
      )}
      <h1 className="ell">{title}</h1>
      <span id="top-slot" className="row" />
      <span className="sp" />
      {!phone && <SearchBox />}
      {tag}
      {!phone && <Person />}
    </header>
  );
}
