/** `/down`: patients who come home: to be taken over, to be visited for the first time, late. Opens the record. */
import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { House } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { referrals } from "../../api/resources/referrals.ts";
import type { Referral } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { DownRow } from "./DownRow.tsx";

const SHOWN = ["waiting", "visit", "late"] as const;
type Shown = (typeof SHOWN)[number];

const BELONGS: Readonly<Record<Shown, (ticket: Referral) => boolean>> = {
  waiting: ({ state }) => state === "handed-over" || state === "info-needed",
  visit: ({ state }) => state === "taken-over" || state === "first-visit-done",
  late: ({ overdue }) => overdue,
};

export function DownPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const shown: Shown = SHOWN.find((each) => each === search.get("show")) ?? "waiting";
  const down = useQuery(referrals.list({ box: "down", limit: 200 }));
  const items = (down.data?.items ?? []).filter(({ state }) => state !== "draft");
  const rows = items.filter(BELONGS[shown]);
  return (
    <Panel
      title={t("township.down")}
      aside={t("township.downHint")}
      flush
      actions={
        <Segmented<Shown>
          value={shown}
          onChange={(show) => {
            setSearch(show === "waiting" ? {} : { show }, { replace: true });
          }}
          options={SHOWN.map((value) => ({
            value,
            label: t(`township.shown.${value}`, { count: items.filter(BELONGS[value]).length }),
          }))}
        />
      }
    >
      {down.isPending && <SkeletonRows rows={4} />}
      {down.isError && <ProblemCard failure={down.error} onRetry={() => void down.refetch()} />}
      {down.isSuccess && rows.length === 0 && (
        <EmptyState icon={House} title={t(`township.none.${shown}`)} text={t("township.noneText")} />
      )}
      <ul className="items" aria-label={t("township.down")}>
        {rows.map((ticket) => (
          <DownRow key={ticket.id} ticket={ticket} />
        ))}
      </ul>
    </Panel>
  );
}
