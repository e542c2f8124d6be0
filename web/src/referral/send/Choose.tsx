/** Whose ticket: the people seen last stand there, so that in an emergency one touch is enough; else two letters. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { Lock, Search, UserSearch } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { patients } from "../../api/resources/patients.ts";
import type { PatientCard } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { useSettled } from "../../ui/useSettled.ts";

function Row({ card, onChoose }: { card: PatientCard; onChoose: (id: string) => void }) {
  const { t } = useTranslation();
  return (
    <li data-row={card.id}>
      <button
        type="button"
        className="rf-person"
        onClick={() => {
          onChoose(card.id);
        }}
      >
        <PatientName patient={card} />
        <span className="s13 sub">{[card.birth_date, card.masked_id].filter(Boolean).join(" · ")}</span>
        {!card.visible && (
          <Tag tone="pause" icon={Lock}>
            {t("refer.choose.elsewhere", { name: card.organization.name })}
          </Tag>
        )}
      </button>
    </li>
  );
}

export function Choose({ onChoose }: { onChoose: (id: string) => void }) {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const found = useQuery({ ...patients.search(useSettled(q.trim())), placeholderData: keepPreviousData });
  return (
    <div className="rf-narrow">
      <Panel title={t("refer.choose.title")} actions={<Link to="/patients?new=1">{t("refer.choose.register")}</Link>}>
        <div className="col g12">
          <Input
            size="large"
            allowClear
            prefix={<Search aria-hidden="true" />}
            aria-label={t("refer.choose.search")}
            placeholder={t("refer.choose.hint")}
            value={q}
            onChange={(event) => {
              setQ(event.target.value);
            }}
          />
          {found.isPending && <SkeletonRows rows={5} />}
          {found.isError && <ProblemCard failure={found.error} onRetry={() => void found.refetch()} />}
          {found.data?.items.length === 0 && (
            <EmptyState icon={UserSearch} title={t("refer.choose.nobody")} text={t("refer.choose.nobodyText")} />
          )}
          <ul className="items" aria-label={t("refer.choose.title")}>
            {found.data?.items.map((card) => (
              <Row key={card.id} card={card} onChoose={onChoose} />
            ))}
          </ul>
        </div>
      </Panel>
    </div>
  );
}
