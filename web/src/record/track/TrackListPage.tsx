/** `/track`: every study of ours, by where it stands. */
import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { Inbox } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { ParcelRow } from "../desk/ParcelRow.tsx";
import { byDeadline } from "../orderWords.ts";
import "../record.css";

const SHOWN = {
  open: "open",
  sending: "receiving,quarantined,unrouted",
  reading: "ready,claimed,awaiting-verification,amending",
  returned: "returned",
  done: "final",
} as const;
type Shown = keyof typeof SHOWN;
const NAMES = Object.keys(SHOWN) as Shown[];

function Orders({ state, q, shown }: { state: string; q: string; shown: Shown }) {
  const { t } = useTranslation();
  const orders = useQuery(readingOrders.list({ state, ...(q === "" ? {} : { q }) }));
  if (orders.isPending) return <SkeletonRows />;
  if (orders.isLoadingError) return <ProblemCard failure={orders.error} onRetry={() => void orders.refetch()} />;
  const { items } = orders.data;
  if (items.length === 0)
    return <EmptyState icon={Inbox} title={t("record.track.none")} text={t("record.track.noneText")} />;
  return (
    <ul aria-label={t("record.track.title")}>
      {(shown === "done" ? items : items.toSorted(byDeadline)).map((order) => (
        <ParcelRow key={order.id} order={order} />
      ))}
    </ul>
  );
}

export function TrackListPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") ?? SHOWN.open;
  const shown = NAMES.find((name) => SHOWN[name] === state) ?? "open";
  return (
    <Panel
      title={t("record.track.title")}
      flush
      actions={
        <Segmented<Shown>
          aria-label={t("record.track.title")}
          value={shown}
          onChange={(name) => {
            setSearch(name === "open" ? {} : { state: SHOWN[name] });
          }}
          options={NAMES.map((value) => ({ value, label: t(`record.track.shown.${value}`) }))}
        />
      }
    >
      <Orders state={state} q={search.get("q") ?? ""} shown={shown} />
    </Panel>
  );
}
