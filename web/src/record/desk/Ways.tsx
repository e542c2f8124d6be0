/** The ways on from the desk: sending and referring are what people come here for; the green channel is outlined in red. */
import { Ambulance, ArrowUpRight, CloudUpload, UserPlus, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { hasRole, useUser } from "../../api/resources/session.ts";
import { keysOf } from "../../keys/bindings.ts";
import { Kbd } from "../../ui/Kbd.tsx";

type Name = "send" | "refer" | "green" | "register";

interface Way {
  readonly name: Name;
  readonly to: string;
  readonly icon: LucideIcon;
  readonly keys?: string;
  /** Whoever may refer a patient. */
  readonly refers?: boolean;
}

const WAYS: readonly Way[] = [
  { name: "send", to: "/send", icon: CloudUpload, keys: keysOf("desk", "send") },
  { name: "refer", to: "/refer/new", icon: ArrowUpRight, keys: keysOf("desk", "refer"), refers: true },
  { name: "green", to: "/refer/new?green=1", icon: Ambulance, refers: true },
  { name: "register", to: "/patients?new=1", icon: UserPlus },
];

export function Ways() {
  const { t } = useTranslation();
  const refers = hasRole(useUser(), "township-doctor", "family-doctor");
  return (
    <nav className="ways" aria-label={t("record.ways.label")}>
      {WAYS.filter((way) => refers || way.refers !== true).map(({ name, to, icon: Icon, keys }) => (
        <Link key={name} to={to} className={`way way-${name}`}>
          <Icon aria-hidden="true" />
          <span className="way-words">
            <b>{t(`record.ways.${name}`)}</b>
            <span>{t(`record.ways.${name}Hint`)}</span>
          </span>
          {keys !== undefined && <Kbd keys={keys} />}
        </Link>
      ))}
    </nav>
  );
}
