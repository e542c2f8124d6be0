/** The ways on from the desk: the one thing people come here for is the largest. */
import { CloudUpload, MailOpen, UserPlus, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { keysOf } from "../../keys/bindings.ts";
import { Kbd } from "../../ui/Kbd.tsx";

type Name = "send" | "register" | "results";

const WAYS: readonly { readonly name: Name; readonly to: string; readonly icon: LucideIcon }[] = [
  { name: "send", to: "/send", icon: CloudUpload },
  { name: "register", to: "/patients?new=1", icon: UserPlus },
  { name: "results", to: "/results", icon: MailOpen },
];

export function Ways() {
  const { t } = useTranslation();
  return (
    <nav className="ways" aria-label={t("record.ways.label")}>
      {WAYS.map(({ name, to, icon: Icon }) => (
        <Link key={name} to={to} className={`way way-${name}`}>
          <Icon aria-hidden="true" />
          <span className="way-words">
            <b>{t(`record.ways.${name}`)}</b>
            <span>{t(`record.ways.${name}Hint`)}</span>
          </span>
          {name === "send" && <Kbd keys={keysOf("desk", "send")} />}
        </Link>
      ))}
    </nav>
  );
}
