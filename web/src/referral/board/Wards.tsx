/** Every ward that passes the filters; a house's name stands over its wards where several houses do. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Bed } from "../../api/types.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { arrange, type Filters, type ShownWard } from "./model/board.ts";
import { useHouses, type Boards } from "./useBoards.ts";
import type { Carry } from "./useCarry.ts";
import { WardSection } from "./WardSection.tsx";

const holds = ({ shown }: ShownWard, bed: string | null) => shown.some(({ id }) => id === bed);

interface Props {
  readonly boards: Boards;
  readonly beds: readonly Bed[];
  readonly filters: Filters;
  readonly carry: Carry;
}

export function Wards({ boards, beds, filters, carry }: Props) {
  const { t } = useTranslation();
  const houses = useHouses();
  const wards = useMemo(() => arrange(boards.pages, beds, filters), [boards.pages, beds, filters]);
  // The board is one tab stop: the bed that had the focus last, while it is shown, else the first.
  const stop = wards.some((ward) => holds(ward, carry.stop)) ? carry.stop : (wards[0]?.shown[0]?.id ?? null);
  if (wards.length === 0) return <EmptyState title={t("beds.none.title")} text={t("beds.none.text")} />;
  return boards.pages.map(({ organization_id: house }) => {
    const here = wards.filter(({ ward }) => ward.organization_id === house);
    if (here.length === 0) return null;
    return (
      <div key={house} className="bb-house-beds">
        {boards.pages.length > 1 && (
          <h2 className="bb-house-name">{houses.find(({ id }) => id === house)?.name ?? house}</h2>
        )}
        <div className="bb-wards">
          {here.map((ward) => (
            <WardSection
              key={ward.ward.id}
              shown={ward}
              marks={carry.marks}
              stop={holds(ward, stop) ? stop : null}
              hands={carry.hands}
            />
          ))}
        </div>
      </div>
    );
  });
}
