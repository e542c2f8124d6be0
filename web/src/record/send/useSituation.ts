/** Everything that is known about what is about to be sent, and what speaks against it. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { civil, now } from "../../api/clock.ts";
import { readingOrders } from "../../api/resources/reading-orders.ts";
import type { PatientCard, RoutePreview } from "../../api/types.ts";
import { compareAll, type Comparison } from "./model/compare.ts";
import { checksOf, kindOf, orderChecksOf, type Check, type Draft } from "./model/draft.ts";
import { studiesOf, type StudyOfPieces } from "./model/series.ts";
import { useGathering, type Gathering } from "./useGathering.ts";

export interface SendSituation {
  readonly gathering: Gathering;
  readonly studies: readonly StudyOfPieces[];
  readonly comparison: Comparison | null;
  readonly confirmed: boolean;
  readonly confirm: (confirmed: boolean) => void;
  readonly draft: Draft;
  readonly route: RoutePreview | null;
  readonly checks: readonly Check[];
  /** Without the images: for an order whose images come from the device. */
  readonly orderChecks: readonly Check[];
}

function useRoute(draft: Draft, modality: string): RoutePreview | null {
  const route = useQuery({
    ...readingOrders.previewRoute({
      kind: draft.kind ?? "radiology",
      priority: draft.priority,
      ...(modality === "" ? {} : { modality }),
    }),
    enabled: draft.kind !== null,
    placeholderData: keepPreviousData,
  });
  return draft.kind === null ? null : (route.data ?? null);
}

export function useSituation(patient: PatientCard, written: Draft, placed: boolean): SendSituation {
  const gathering = useGathering();
  const [confirmed, confirm] = useState(false);
  const { pieces } = gathering;
  const studies = useMemo(() => studiesOf(pieces), [pieces]);
  // What the images are says the kind, until a person says another.
  const draft = { ...written, kind: written.kind ?? kindOf(studies) };
  const comparison = useMemo(
    () =>
      compareAll(
        pieces.map(({ header }) => header),
        patient,
        civil(now()).date,
      ),
    [pieces, patient],
  );
  const route = useRoute(draft, studies[0]?.series[0]?.modality ?? "");
  const situation = { draft, studies, comparison, confirmed, route, placed };
  return {
    gathering,
    studies,
    comparison,
    confirmed,
    confirm,
    draft,
    route,
    checks: checksOf(situation),
    orderChecks: orderChecksOf(situation),
  };
}
