/** The bed board: what is truly free, kept for whom, until when; who waits beside it. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { referrals } from "../../api/resources/referrals.ts";
import { useUser } from "../../api/resources/session.ts";
import type { Bed, ReferralQueue, Ward } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ProblemCard } from "../../ui/ProblemNote.tsx";
import { SkeletonRows } from "../../ui/Skeletons.tsx";
import { useScreen } from "../../ui/useScreen.ts";
import { Arrivals } from "./Arrivals.tsx";
import { Houses, Legend, Toggles, WallLink } from "./Bar.tsx";
import { BedSheet } from "./BedSheet.tsx";
import "./board.css";
import { Ghost, InHand } from "./InHand.tsx";
import { countsOf, EVERYWHERE, filtersFrom, ownHouse, withFilters, type Filters } from "./model/board.ts";
import { Obstacles } from "./Obstacles.tsx";
import { PreEmption } from "./PreEmption.tsx";
import { Queue } from "./Queue.tsx";
import { Quota, Soon } from "./Quota.tsx";
import { useBoards, useHouses, useStanding, type Boards } from "./useBoards.ts";
import { useCarry, type Carry } from "./useCarry.ts";
import { useHolding, type Holding } from "./useHolding.ts";
import { Wards } from "./Wards.tsx";

function useFilters() {
  const [search, setSearch] = useSearchParams();
  return {
    filters: filtersFrom(search),
    change: (changed: Partial<Filters>) => {
      setSearch(withFilters(search, changed), { replace: true });
    },
  };
}

/** The queue of one's own house, beside a board on which its own beds stand; others' queues are not ours to see. */
function useOwnQueue(org: string): ReferralQueue | undefined {
  const own = ownHouse(useUser());
  const here = org === "" || org === own || org === EVERYWHERE;
  const { data } = useQuery({ ...referrals.queue({ allotted: true }), enabled: here });
  return here ? data : undefined;
}

interface BarProps {
  readonly filters: Filters;
  readonly change: (changed: Partial<Filters>) => void;
  readonly wards: readonly Ward[];
  readonly beds: readonly Bed[];
}

function Bar({ filters, change, wards, beds }: BarProps) {
  const { t } = useTranslation();
  const houses = useHouses();
  const phone = useScreen() === "phone";
  const counts = useMemo(() => countsOf(beds), [beds]);
  const filter = (
    <>
      <Houses filters={filters} onChange={change} houses={houses} />
      <Toggles filters={filters} onChange={change} wards={wards} />
    </>
  );
  if (phone)
    return (
      <>
        <Legend filters={filters} onChange={change} counts={counts} />
        <details className="bb-filter">
          <summary>{t("beds.filters")}</summary>
          <div className="row wrap">{filter}</div>
        </details>
      </>
    );
  return (
    <>
      <div className="bb-bar">
        {filter}
        <span className="sp" />
        <WallLink />
      </div>
      <Legend filters={filters} onChange={change} counts={counts} />
    </>
  );
}

interface SideProps {
  readonly boards: Boards;
  readonly beds: readonly Bed[];
  readonly queue: ReferralQueue | undefined;
  readonly carry: Carry;
  readonly holding: Holding;
}

function Side({ boards, beds, queue, carry, holding }: SideProps) {
  const own = ownHouse(useUser());
  const page = boards.pages.find(({ organization_id }) => organization_id === own) ?? boards.pages[0];
  return (
    <div className="bb-side">
      {queue !== undefined && (
        <Queue
          queue={queue}
          beds={beds}
          lifting={{
            carried: carry.carried?.ticket.id ?? null,
            pending: holding.pending,
            onLift: carry.lift,
            onPointerDown: carry.begin,
            onFocus: carry.setCard,
          }}
        />
      )}
      {page !== undefined && <Quota page={page} />}
      {page !== undefined && <Soon page={page} />}
    </div>
  );
}

function Opened({
  id,
  beds,
  wards,
  queue,
  holding,
  onClose,
}: {
  id: string | null;
  beds: readonly Bed[];
  wards: readonly Ward[];
  queue: ReferralQueue | undefined;
  holding: Holding;
  onClose: () => void;
}) {
  const bed = beds.find((it) => it.id === id);
  if (bed === undefined) return null;
  const free = beds.filter(
    (it) => it.state === "available" && it.organization_id === bed.organization_id && it.kind === "bed",
  );
  const near = [
    ...free.filter(({ ward_id }) => ward_id === bed.ward_id),
    ...free.filter(({ ward_id }) => ward_id !== bed.ward_id),
  ];
  return (
    <BedSheet
      key={bed.id}
      bed={bed}
      ward={wards.find((ward) => ward.id === bed.ward_id) ?? null}
      waiting={queue?.items ?? []}
      free={near}
      holding={holding}
      onClose={onClose}
    />
  );
}

interface AboveProps {
  readonly boards: Boards;
  readonly beds: readonly Bed[];
  readonly queue: ReferralQueue | undefined;
  readonly filters: Filters;
}

/** What has to be decided before one looks for a bed. */
function Above({ boards, beds, queue, filters }: AboveProps) {
  const { t } = useTranslation();
  const own = ownHouse(useUser());
  const chosen = boards.pages.flatMap(({ wards }) => wards).find(({ id }) => id === filters.ward);
  return (
    <>
      {boards.refused > 0 && filters.org === EVERYWHERE && (
        <p className="s12 mut">{t("beds.refused", { count: boards.refused })}</p>
      )}
      {queue !== undefined && <PreEmption queue={queue} beds={beds} />}
      {queue !== undefined && <Arrivals house={own} ward={chosen ?? null} beds={beds} />}
    </>
  );
}

export function BedsPage() {
  const { t } = useTranslation();
  const { filters, change } = useFilters();
  const boards = useBoards(filters.org);
  const beds = useStanding(boards.pages);
  const wards = useMemo(() => boards.pages.flatMap((page) => page.wards), [boards.pages]);
  const queue = useOwnQueue(filters.org);
  const [open, setOpen] = useState<string | null>(null);
  const holding = useHolding(beds, queue);
  const carry = useCarry({ beds, queue, holding, onOpen: setOpen });
  return (
    <div className={carry.carried === null ? "bb" : "bb bb-carrying"}>
      <div className="bb-main">
        <Bar filters={filters} change={change} wards={wards} beds={beds} />
        <Above boards={boards} beds={beds} queue={queue} filters={filters} />
        <InHand carry={carry} />
        <section aria-label={t("beds.board")} aria-describedby="bb-hint" className="bb-board">
          <span id="bb-hint" className="visually-hidden">
            {t("beds.hint")}
          </span>
          {boards.pending && <SkeletonRows rows={8} />}
          {boards.failure !== null && <Failed boards={boards} />}
          {boards.pages.length > 0 && <Wards boards={boards} beds={beds} filters={filters} carry={carry} />}
        </section>
      </div>
      <Side boards={boards} beds={beds} queue={queue} carry={carry} holding={holding} />
      <Ghost carry={carry} />
      <Obstacles holding={holding} beds={beds} queue={queue} />
      <Opened
        id={open}
        beds={beds}
        wards={wards}
        queue={queue}
        holding={holding}
        onClose={() => {
          setOpen(null);
        }}
      />
    </div>
  );
}

function Failed({ boards }: { boards: Boards }) {
  const { t } = useTranslation();
  if (boards.refused > 0) return <EmptyState title={t("beds.noAgreement.title")} text={t("beds.noAgreement.text")} />;
  return <ProblemCard failure={boards.failure} safe={t("beds.safe")} onRetry={boards.again} />;
}
