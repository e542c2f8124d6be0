/** `/me`: who I am here, and how this browser should look and speak. */
import { Button, Segmented, Switch } from "antd";
import { LogOut } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { sessions, useUser } from "../../api/resources/session.ts";
import { setSingleKeys, singleKeysOn } from "../../keys/preference.ts";
import { LanguageSwitch } from "../../ui/LanguageSwitch.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { useAppearance, type Choice } from "../appearance.tsx";
import { useAccount } from "../session.tsx";
import "./me.css";

function Setting({ name, hint, children }: { name: string; hint?: string; children: ReactNode }) {
  return (
    <div className="setting">
      <span>
        {name}
        {hint !== undefined && <span className="s12 mut setting-hint">{hint}</span>}
      </span>
      {children}
    </div>
  );
}

const CHOICES: readonly Choice[] = ["light", "dark", "system"];

function Settings() {
  const { t } = useTranslation();
  const { choice, choose } = useAppearance();
  const [single, setSingle] = useState(singleKeysOn);
  return (
    <>
      <Setting name={t("app.me.language")}>
        <LanguageSwitch />
      </Setting>
      <Setting name={t("app.me.theme")}>
        <Segmented<Choice>
          value={choice}
          onChange={choose}
          options={CHOICES.map((value) => ({ value, label: t(`app.me.${value}`) }))}
        />
      </Setting>
      <Setting name={t("app.me.keys")} hint={t("app.me.keysHint")}>
        <Switch
          aria-label={t("app.me.keys")}
          checked={single}
          onChange={(on) => {
            setSingleKeys(on);
            setSingle(on);
          }}
        />
      </Setting>
    </>
  );
}

export function MePage() {
  const { t } = useTranslation();
  const user = useUser();
  const account = useAccount();
  const leave = async () => {
    await sessions.leave();
    account.leave();
  };
  return (
    <div className="me">
      <Panel title={user.name} aside={user.title}>
        <h3>{t("app.me.roles")}</h3>
        <ul className="col g4">
          {user.roles.map(({ role, organization, centre }) => (
            <li key={`${role}${organization.id}${centre?.id ?? ""}`} className="sub">
              <b>{t(`app.role.${role}`)}</b> {organization.name} {centre?.name}
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t("app.me.title")}>
        <Settings />
      </Panel>
      <Button icon={<LogOut aria-hidden="true" />} onClick={() => void leave()}>
        {t("app.me.signOut")}
      </Button>
    </div>
  );
}
