/** `/api/v1/beds`, `wards` and `bed-holds`: the board of an organization, and what wards and desks do with it. */
import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import { act, get, type Act } from "../client.ts";
import type { operations } from "../generated/schema.d.ts";
import type { Bed, BedPage, BedQuery } from "../types.ts";
import { replaceIn } from "../versions.ts";

const COLLECTION = "beds";
const HOLDS = "bed-holds";

const keys = {
  all: [COLLECTION] as const,
  boards: [COLLECTION, "board"] as const,
  board: (query: BedQuery) => [COLLECTION, "board", query] as const,
  detail: (id: string) => [COLLECTION, "detail", id] as const,
};

type BodyOf<O extends keyof operations> = operations[O] extends {
  readonly requestBody: { readonly content: { readonly "application/json": infer B } };
}
  ? B
  : object;

/** Each command on a bed with what it takes beside what every command carries. */
interface Bodies {
  readonly block: BodyOf<"beds_block">;
  readonly unblock: object;
  readonly clean: object;
  readonly confirm: object;
  readonly relabel: BodyOf<"beds_relabel">;
  readonly occupy: BodyOf<"beds_occupy">;
  readonly expect: BodyOf<"beds_expect">;
  readonly vacate: object;
  readonly move: BodyOf<"beds_move">;
}
export type BedCommand = keyof Bodies;
type BedPath = `/api/v1/beds/{id}/${BedCommand}`;

interface HoldBodies {
  readonly release: BodyOf<"beds_release">;
  readonly extend: BodyOf<"beds_extend">;
  readonly "pre-empt": BodyOf<"beds_pre_empt">;
}
export type HoldCommand = keyof HoldBodies;
type HoldPath = `/api/v1/bed-holds/{id}/${HoldCommand}`;

/** Puts a bed that the hub just sent wherever it is known, unless what is known is newer. */
function upsert(cache: QueryClient, bed: Bed): void {
  cache.setQueriesData<BedPage>({ queryKey: keys.boards }, (page) =>
    page === undefined ? undefined : { ...page, items: replaceIn(page.items, bed) },
  );
  cache.setQueryData<Bed>(keys.detail(bed.id), (known) =>
    known !== undefined && known.version <= bed.version ? bed : known,
  );
}

const askAgain = (cache: QueryClient) => cache.invalidateQueries({ queryKey: keys.all });

export const beds = {
  keys,
  upsert,
  /** The board of an organization; the caller's own without one. */
  board: (query: BedQuery = {}) =>
    queryOptions({
      queryKey: keys.board(query),
      queryFn: ({ signal }) => get("/api/v1/beds", { query, signal }),
    }),
  detail: (id: string) =>
    queryOptions({
      queryKey: keys.detail(id),
      queryFn: ({ signal }) => get("/api/v1/beds/{id}", { at: { id }, signal }),
    }),
  command: <N extends BedCommand>(name: N) =>
    mutationOptions({
      mutationKey: [COLLECTION, name],
      scope: { id: COLLECTION },
      mutationFn: (variables: Act & Bodies[N]) => act(`/api/v1/beds/{id}/${name}` as BedPath, variables),
      onSuccess: (bed, _variables, _before, { client }) => {
        upsert(client, bed);
        return askAgain(client);
      },
      onError: (_failure, _variables, _before, { client }) => askAgain(client),
    }),
  /** A hold belongs to a ticket: its event asks for the ticket again. */
  hold: <N extends HoldCommand>(name: N) =>
    mutationOptions({
      mutationKey: [HOLDS, name],
      scope: { id: COLLECTION },
      mutationFn: (variables: Act & HoldBodies[N]) => act(`/api/v1/bed-holds/{id}/${name}` as HoldPath, variables),
      onSettled: (_hold, _failure, _variables, _before, { client }) => askAgain(client),
    }),
  /** The shift says that a ward's board is true. */
  confirmWard: mutationOptions({
    mutationKey: ["wards", "confirm"],
    scope: { id: COLLECTION },
    mutationFn: (variables: Act) => act("/api/v1/wards/{id}/confirm", variables),
    onSuccess: (_page, _variables, _before, { client }) => askAgain(client),
  }),
};
