/** Finding a person: by name, pinyin or its initials, a whole number, the last four, a phone. Shared by desk and sending. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { Lock, Search, ShieldCheck, UserSearch } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { patients } from "../../api/resources/patients.ts";
import type { PatientCard } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { PatientName } from "../../ui/Patient.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { recordNumber, summaryOf } from "../orderWords.ts";
import { useSettled } from "../../ui/useSettled.ts";

function Found({ card, onChoose }: { card: PatientCard; onChoose: (card: PatientCard) => void }) {
  const { t, i18n } = useTranslation();
  const summary = summaryOf(card, i18n.language);
  return (
    <li data-row={card.id}>
      <button
        type="button"
        className="found"
        onClick={() => {
          onChoose(card);
        }}
      >
        <PatientName patient={summary} />
        <span className="s13 sub nw">{[card.birth_date, card.masked_id].filter(Boolean).join(" · ")}</span>
        <span className="s13 mut nw found-more">
          {[
            card.phone_masked,
            card.record_number === null ? "" : t("record.patient.record", { number: recordNumber(card.record_number) }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <span className="sp" />
        {summary.assistance?.map((words) => (
          <Tag key={words} tone="line" icon={ShieldCheck}>
            {words}
          </Tag>
        ))}
        {card.provisional && <Tag tone="dashed">{t("record.patient.provisional")}</Tag>}
        {!card.visible && (
          <Tag tone="pause" icon={Lock}>
            {t("record.patient.elsewhere", { name: card.organization.name })}
          </Tag>
        )}
      </button>
    </li>
  );
}

interface Props {
  readonly q: string;
  readonly onQ: (q: string) => void;
  readonly onChoose: (card: PatientCard) => void;
  /** Beside the field. */
  readonly children?: ReactNode;
}

export function PatientSearch({ q, onQ, onChoose, children }: Props) {
  const { t } = useTranslation();
  const settled = useSettled(q.trim());
  const found = useQuery({ ...patients.search(settled), placeholderData: keepPreviousData });
  return (
    <div className="col">
      <div className="row wrap">
        <Input
          className="search-field"
          allowClear
          prefix={<Search aria-hidden="true" />}
          aria-label={t("record.patient.search")}
          placeholder={t("record.patient.searchHint")}
          value={q}
          onChange={(event) => {
            onQ(event.target.value);
          }}
        />
        {children}
      </div>
      {found.isPending && <SkeletonRows rows={4} />}
      {found.isError && <ProblemCard failure={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && found.data.items.length === 0 && (
        <EmptyState
          icon={UserSearch}
          title={t(settled === "" ? "record.patient.nobodyYet" : "record.patient.nobody", { q: settled })}
          text={t("record.patient.nobodyText")}
        />
      )}
      {found.isSuccess && found.data.items.length > 0 && (
        <ul className="items found-list" aria-label={t("record.patient.found")}>
          {found.data.items.map((card) => (
            <Found key={card.id} card={card} onChoose={onChoose} />
          ))}
        </ul>
      )}
    </div>
  );
}
