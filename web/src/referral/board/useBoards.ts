/** The boards that are looked at, and their beds as they stand by the hub's clock. */
import { useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { now } from "../../api/clock.ts";
import { Problem } from "../../api/problems.ts";
import { beds as board } from "../../api/resources/beds.ts";
import { organizations } from "../../api/resources/organizations.ts";
import { useUser } from "../../api/resources/session.ts";
import type { Bed, BedPage, Organization } from "../../api/types.ts";
import { EVERYWHERE, ownHouse } from "./model/board.ts";
import { nextEnd, standing } from "./model/standing.ts";

/** Events say what changes; this is for the age of what nobody touched. */
const AGE_EVERY_MS = 300_000;
/** What a timer can count. */
const LONGEST_MS = 2_147_000_000;

const WITH_BEDS: readonly Organization["kind"][] = ["county", "township", "higher"];

/** Houses whose board can be asked for, one's own first. */
export function useHouses(): readonly Organization[] {
  const own = ownHouse(useUser());
  const { data } = useQuery(organizations.list);
  return useMemo(() => {
    const open = (data?.items ?? []).filter(({ kind, closed_at }) => WITH_BEDS.includes(kind) && closed_at === null);
    return [...open.filter(({ id }) => id === own), ...open.filter(({ id }) => id !== own)];
  }, [data, own]);
}

export interface Boards {
  readonly pages: readonly BedPage[];
  readonly pending: boolean;
  /** Why nothing at all is shown. */
  readonly failure: unknown;
  /** How many houses did not let the caller look. */
  readonly refused: number;
  readonly again: () => void;
}

function isRefused(failure: unknown): boolean {
  return failure instanceof Problem && (failure.status === 403 || failure.status === 404);
}

function together(answers: UseQueryResult<BedPage>[]): Boards {
  const pages = answers.flatMap(({ data }) => (data === undefined ? [] : [data]));
  return {
    pages,
    pending: pages.length === 0 && answers.some(({ isPending }) => isPending),
    failure: pages.length > 0 ? null : (answers.find(({ error }) => error !== null)?.error ?? null),
    refused: answers.filter(({ error }) => isRefused(error)).length,
    again: () => {
      for (const { refetch } of answers) void refetch();
    },
  };
}

/** The board of one house, or of every house that lets the caller look. */
export function useBoards(org: string): Boards {
  const houses = useHouses();
  const asked = org === EVERYWHERE ? houses.map(({ id }) => id) : [org];
  return useQueries({
    queries: asked.map((house) => ({
      ...board.board(house === "" ? {} : { org: house }),
      refetchInterval: AGE_EVERY_MS,
    })),
    combine: together,
  });
}

/** Beds whose holds and blocks end by themselves: one timer, for the next end only. */
export function useStanding(pages: readonly BedPage[]): readonly Bed[] {
  const [at, setAt] = useState(now);
  const sent = useMemo(() => pages.flatMap(({ items }) => items), [pages]);
  useEffect(() => {
    const next = nextEnd(sent, at);
    if (next === null) return undefined;
    const timer = setTimeout(
      () => {
        setAt(now());
      },
      Math.min(Math.max(next - now(), 0) + 20, LONGEST_MS),
    );
    return () => {
      clearTimeout(timer);
    };
  }, [sent, at]);
  return useMemo(() => sent.map((bed) => standing(bed, at)), [sent, at]);
}
