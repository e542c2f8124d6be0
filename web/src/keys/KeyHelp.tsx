/** The key table as people read it. */
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { Kbd } from "../ui/Kbd.tsx";
import { BINDINGS, type Scope } from "./bindings.ts";
import "./keys.css";

const SCOPES: readonly Scope[] = ["everywhere", "desk", "worklist", "report", "viewer", "referral", "beds", "player"];

function Keys({ keys }: { keys: string }) {
  const { t } = useTranslation();
  const [first = "", second] = keys.split(" ");
  return (
    <span className="nw">
      <Kbd keys={first} />
      {second !== undefined && (
        <>
          <span className="s12 mut"> {t("keys.then")} </span>
          <Kbd keys={second} />
        </>
      )}
      <span className="visually-hidden">{keys}</span>
    </span>
  );
}

export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal title={t("keys.title")} open={open} onCancel={onClose} footer={null} width={720}>
      <div className="key-help">
        {SCOPES.map((scope) => (
          <section key={scope}>
            <h3>{t(`keys.scope.${scope}`)}</h3>
            <dl className="key-list">
              {BINDINGS.filter((binding) => binding.scope === scope).map(({ keys, command, text }) => (
                <div key={command}>
                  <dt>
                    <Keys keys={keys} />
                  </dt>
                  <dd>{t(`keys.${text}`)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
