/** 发出前核对: every doubt shown before anything leaves, each with its word and its sign. */
import { CircleCheck, CircleX, Clock, TriangleAlert, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Panel } from "../../ui/Panel.tsx";
import { Tag } from "../../ui/Tag.tsx";
import type { Check } from "./model/draft.ts";

const SIGNS: Readonly<Record<Check["tone"], readonly [LucideIcon, string]>> = {
  ok: [CircleCheck, "okc"],
  due: [TriangleAlert, "duec"],
  stop: [CircleX, "overc"],
  wait: [Clock, "mut"],
};

export function Checklist({ checks }: { checks: readonly Check[] }) {
  const { t } = useTranslation();
  const missing = checks.filter(({ tone }) => tone === "stop").length;
  return (
    <Panel
      title={t("record.check.title")}
      actions={
        missing > 0 ? (
          <Tag tone="due" icon={TriangleAlert}>
            {t("record.check.missing", { count: missing })}
          </Tag>
        ) : (
          <Tag tone="ok" icon={CircleCheck}>
            {t("record.check.complete")}
          </Tag>
        )
      }
    >
      <ul className="checks">
        {checks.map(({ name, tone, says }) => {
          const [Sign, look] = SIGNS[tone];
          return (
            <li key={name}>
              <Sign className={look} aria-label={t(`record.check.tone.${tone}`)} role="img" />
              <span>
                <b>{t(`record.check.name.${name}`)}</b>
                <span className="s13 sub">{t(`record.check.${says}`)}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
