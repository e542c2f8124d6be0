/** `/api/v1/referrals`: what to ask, under which key, the conversation, and the commands. */
import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import { act, get, post, put, type Act } from "../client.ts";
import type { operations } from "../generated/schema.d.ts";
import { DOWNWARD_STARTS, UPWARD_STARTS } from "../generated/starts.ts";
import type {
  QueueQuery,
  Referral,
  ReferralDetail,
  ReferralNew,
  ReferralPage,
  ReferralQuery,
  ReferralQueue,
  ReferralState,
} from "../types.ts";
import { isNewer, replaceIn } from "../versions.ts";
import { beds } from "./beds.ts";

const COLLECTION = "referrals";

const keys = {
  all: [COLLECTION] as const,
  lists: [COLLECTION, "list"] as const,
  list: (query: ReferralQuery) => [COLLECTION, "list", query] as const,
  queues: [COLLECTION, "queue"] as const,
  queue: (query: QueueQuery) => [COLLECTION, "queue", query] as const,
  detail: (id: string) => [COLLECTION, "detail", id] as const,
  messages: (id: string) => [COLLECTION, "messages", id] as const,
};

type BodyOf<O extends keyof operations> = operations[O] extends {
  readonly requestBody: { readonly content: { readonly "application/json": infer B } };
}
  ? B
  : object;
type Words = BodyOf<"referral_commands_ask">;

/** Each command on a ticket with what it takes beside what every command carries; all answer with the ticket anew. */
interface Bodies {
  readonly send: BodyOf<"referral_commands_send">;
  readonly open: object;
  readonly acknowledge: object;
  readonly ask: Words;
  readonly answer: Words;
  readonly advise: Words;
  readonly accept: object;
  readonly decline: BodyOf<"referral_commands_decline">;
  readonly redirect: BodyOf<"referral_commands_redirect">;
  readonly "hold-bed": BodyOf<"referral_commands_hold_bed">;
  readonly "release-hold": Words;
  readonly depart: BodyOf<"referral_commands_depart">;
  readonly arrive: object;
  readonly "not-arrived": Words;
  readonly admit: BodyOf<"referral_commands_admit">;
  readonly "treat-and-release": Words;
  readonly "admitted-elsewhere": Words;
  readonly discharge: Words;
  readonly "send-outcome": BodyOf<"referral_commands_send_outcome">;
  readonly "refer-down": BodyOf<"referral_commands_refer_down">;
  readonly "take-over": BodyOf<"referral_commands_take_over">;
  readonly "first-visit": object;
  readonly cancel: Words;
  readonly "confirm-cancel": object;
  readonly "refuse-cancel": Words;
  readonly die: Words;
  readonly close: object;
  readonly retriage: BodyOf<"referral_commands_retriage">;
  readonly override: BodyOf<"referral_commands_override">;
  readonly "ask-review": Words;
  readonly review: BodyOf<"referral_commands_review">;
}
export type ReferralCommand = keyof Bodies;
export type ReferralBodyOf<N extends ReferralCommand> = Bodies[N];
/** A command with its own body, for a bar that offers whatever the hub offers. */
export type ReferralAct = {
  readonly [N in ReferralCommand]: Act & { readonly name: N; readonly body: Bodies[N] };
}[ReferralCommand];
type CommandAt = `/api/v1/referrals/{id}/${ReferralCommand}`;

const STARTS: Readonly<Record<Referral["direction"], Readonly<Partial<Record<string, readonly ReferralState[]>>>>> = {
  up: UPWARD_STARTS,
  lateral: UPWARD_STARTS,
  down: DOWNWARD_STARTS,
};

/** From which states a command starts: what a refused one waits for. Empty for a command of the other direction. */
export function startsOf({ direction }: Pick<Referral, "direction">, command: string): readonly ReferralState[] {
  return STARTS[direction][command] ?? [];
}

/** Puts a ticket that the hub just sent wherever it is known, unless what is known is newer. */
function upsert(cache: QueryClient, ticket: Referral): void {
  cache.setQueriesData<ReferralPage>({ queryKey: keys.lists }, (page) =>
    page === undefined ? undefined : { ...page, items: replaceIn(page.items, ticket) },
  );
  cache.setQueriesData<ReferralQueue>({ queryKey: keys.queues }, (queue) =>
    queue === undefined ? undefined : { ...queue, items: replaceIn(queue.items, ticket) },
  );
  cache.setQueryData<ReferralDetail>(keys.detail(ticket.id), (known) =>
    known !== undefined && isNewer(known, ticket) ? { ...known, ...ticket } : known,
  );
}

/** The highest version of a ticket that any screen holds; null for one nobody shows. */
function knownVersion(cache: QueryClient, id: string): number | null {
  const pages = cache.getQueriesData<ReferralPage>({ queryKey: keys.lists }).map(([, page]) => page?.items ?? []);
  const queues = cache.getQueriesData<ReferralQueue>({ queryKey: keys.queues }).map(([, it]) => it?.items ?? []);
  const detail = cache.getQueryData<ReferralDetail>(keys.detail(id));
  const shown: readonly Referral[] = [...pages.flat(), ...queues.flat(), ...(detail ? [detail] : [])];
  const versions = shown.filter((it) => it.id === id).map((it) => it.version);
  return versions.length === 0 ? null : Math.max(...versions);
}

/** The answer ends the command: the next one need not wait until every list has been asked again. */
function moved(cache: QueryClient, ticket: Referral): void {
  upsert(cache, ticket);
  void cache.invalidateQueries({ queryKey: keys.all });
  void cache.invalidateQueries({ queryKey: beds.keys.all });
}

/** A refusal means that the ticket moved meanwhile. */
async function askAgain(cache: QueryClient, id: string): Promise<void> {
  await cache.invalidateQueries({ queryKey: keys.detail(id) });
  await cache.invalidateQueries({ queryKey: keys.lists });
}

export const referrals = {
  keys,
  upsert,
  knownVersion,
  list: (query: ReferralQuery = {}) =>
    queryOptions({
      queryKey: keys.list(query),
      queryFn: ({ signal }) => get("/api/v1/referrals", { query, signal }),
    }),
  /** In the rule's order, each with why it stands there. */
  queue: (query: QueueQuery = {}) =>
    queryOptions({
      queryKey: keys.queue(query),
      queryFn: ({ signal }) => get("/api/v1/referrals/queue", { query, signal }),
    }),
  detail: (id: string) =>
    queryOptions({
      queryKey: keys.detail(id),
      queryFn: ({ signal }) => get("/api/v1/referrals/{id}", { at: { id }, signal }),
    }),
  messages: (id: string) =>
    queryOptions({
      queryKey: keys.messages(id),
      queryFn: ({ signal }) => get("/api/v1/referrals/{id}/messages", { at: { id }, signal }),
    }),
  create: mutationOptions({
    mutationKey: [COLLECTION, "create"],
    scope: { id: COLLECTION },
    mutationFn: ({ key, body }: { key: string; body: ReferralNew }) => post("/api/v1/referrals", { body, key }),
    onSuccess: (_ticket, _variables, _before, { client }) => client.invalidateQueries({ queryKey: keys.all }),
  }),
  /** Details while moving; the version is the one that was seen. */
  edit: mutationOptions({
    mutationKey: [COLLECTION, "edit"],
    scope: { id: COLLECTION },
    mutationFn: ({ id, version, body }: { id: string; version: number; body: BodyOf<"referrals_edit"> }) =>
      put("/api/v1/referrals/{id}", { at: { id }, version, body }),
    onSuccess: (ticket, _variables, _before, { client }) => {
      upsert(client, ticket);
      return client.invalidateQueries({ queryKey: keys.all });
    },
  }),
  say: mutationOptions({
    mutationKey: [COLLECTION, "say"],
    scope: { id: COLLECTION },
    mutationFn: ({ id, key, text }: { id: string; key: string; text: string }) =>
      post("/api/v1/referrals/{id}/messages", { at: { id }, key, body: { text } }),
    onSuccess: (_message, { id }, _before, { client }) => client.invalidateQueries({ queryKey: keys.messages(id) }),
  }),
  /** `useMutation(referrals.command("accept"))`, where a screen knows which. */
  command: <N extends ReferralCommand>(name: N) =>
    mutationOptions({
      mutationKey: [COLLECTION, name],
      // One after the other: what waited for the line leaves in the order in which the person acted.
      scope: { id: COLLECTION },
      mutationFn: (variables: Act & Bodies[N]) => act(`/api/v1/referrals/{id}/${name}` as CommandAt, variables),
      onSuccess: (ticket, _variables, _before, { client }) => {
        moved(client, ticket);
      },
      onError: (_failure, { id }, _before, { client }) => askAgain(client, id),
    }),
  /** Whichever the hub offers. */
  run: mutationOptions({
    mutationKey: [COLLECTION, "run"],
    scope: { id: COLLECTION },
    mutationFn: ({ name, body, ...at }: ReferralAct) =>
      act<CommandAt>(`/api/v1/referrals/{id}/${name}`, { ...at, ...body }),
    onSuccess: (ticket, _variables, _before, { client }) => {
      moved(client, ticket);
    },
    onError: (_failure, { id }, _before, { client }) => askAgain(client, id),
  }),
};
