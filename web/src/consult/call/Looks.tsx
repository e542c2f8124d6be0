/** What all looked at together, and when. */
import { useTranslation } from "react-i18next";
import { civil } from "../../api/clock.ts";
import type { CallLook } from "../../api/types.ts";
import { hoursOf } from "./words.ts";

const KINDS = ["study", "ecg", "report"] as const;

function Subject({ look }: { look: CallLook }) {
  const { t } = useTranslation();
  const kind = KINDS.find((it) => it === look.kind) ?? "study";
  const words = [t(`call.looks.kind.${kind}`), look.label].filter(Boolean).join(" ");
  return <b>{words}</b>;
}

function Look({ look }: { look: CallLook }) {
  const { t } = useTranslation();
  return (
    <li>
      <Subject look={look} />
      <div className="row wrap s13">
        <span className="nw">
          {look.until === null
            ? t("call.looks.still", { since: civil(look.since).time })
            : hoursOf(look.since, look.until)}
        </span>
        <span className="mut">{t("call.looks.by", { name: look.by })}</span>
      </div>
    </li>
  );
}

export function Looks({ looks }: { looks: readonly CallLook[] }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t("call.looks.title")}>
      <h3>{t("call.looks.title")}</h3>
      {looks.length === 0 ? (
        <p className="mut">{t("call.looks.none")}</p>
      ) : (
        <ul className="ck-list">
          {looks.map((look) => (
            <Look key={look.since} look={look} />
          ))}
        </ul>
      )}
    </section>
  );
}
