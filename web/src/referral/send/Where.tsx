/** Where to: the best place first, with free beds, minutes, why, and how old that is. Nothing else is offered as fact. */
import { BadgeCheck, Building2, TriangleAlert } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Target } from "../../api/types.ts";
import { Tag } from "../../ui/Tag.tsx";
import { useSpanText } from "../../ui/useSpanText.ts";

function useAge() {
  const { t } = useTranslation();
  const span = useSpanText();
  return ({ age_minutes }: Target): string => {
    if (age_minutes === null) return t("refer.where.neverConfirmed");
    return age_minutes < 1
      ? t("refer.where.justNow")
      : t("refer.where.age", { span: span.words(age_minutes * 60_000) });
  };
}

function Tags({ target }: { target: Target }) {
  const { t } = useTranslation();
  return (
    <>
      {target.lacking.length > 0 && (
        <Tag tone="due" icon={TriangleAlert}>
          {t("refer.where.lacking")}
        </Tag>
      )}
      {target.stale && (
        <Tag tone="due" icon={TriangleAlert}>
          {t("refer.where.stale")}
        </Tag>
      )}
      {!target.agreed && <Tag tone="pause">{t("refer.where.noAgreement")}</Tag>}
    </>
  );
}

/** The rule's own sentence, and how old its knowledge is; stale knowledge says so already. Not asked, nothing is said. */
function Why({ target }: { target: Target }) {
  const { i18n } = useTranslation();
  const age = useAge();
  if (target.reason.zh === "") return null;
  return (
    <span className="s13 sub">
      {i18n.language === "en" ? `${target.reason.en}. ` : `${target.reason.zh}。`}
      {!target.stale && age(target)}
    </span>
  );
}

function Card({ target, on, name, onChoose }: { target: Target; on: boolean; name: string; onChoose: () => void }) {
  const { t } = useTranslation();
  const Icon = on ? BadgeCheck : Building2;
  return (
    <label className={on ? "card rf-target rf-target-on" : "card rf-target"}>
      <input type="radio" name={name} checked={on} onChange={onChoose} />
      <span className="row">
        <Icon aria-hidden="true" />
        <b className="rf-target-name">
          {target.organization.name} {target.department}
        </b>
        <span className="sp" />
        {!on && target.free !== null && <span className="nw sub">{t("refer.where.free", { count: target.free })}</span>}
        {target.minutes !== null && <b className="nw">{t("refer.minutes", { minutes: target.minutes })}</b>}
      </span>
      {on && <Why target={target} />}
      <span className="row wrap g4 rf-target-tags">
        <Tags target={target} />
      </span>
    </label>
  );
}

interface Props {
  readonly targets: readonly Target[];
  readonly chosen: Target | null;
  readonly onChoose: (organization: string) => void;
}

export function Where({ targets, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const name = useId();
  return (
    <div className="col" role="radiogroup" aria-label={t("refer.where.title")}>
      {targets.map((target) => (
        <Card
          key={target.organization.id}
          target={target}
          on={target.organization.id === chosen?.organization.id}
          name={name}
          onChoose={() => {
            onChoose(target.organization.id);
          }}
        />
      ))}
    </div>
  );
}
