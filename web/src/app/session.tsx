/** Who is signed in, and the cache that belongs to that person: a new account is a new cache. */
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, use, useMemo, useState, type ReactNode } from "react";
import { placeOf } from "../api/problems.ts";
import { sessions } from "../api/resources/session.ts";
import { retryDelay, shouldRetry } from "../api/retry.ts";
import type { Session } from "../api/types.ts";

export interface Account {
  /** The hub said that the session is over, while somebody was at work. */
  readonly expired: boolean;
  /** Takes the screen over: same person, the work stays; another, everything is fresh. */
  readonly enter: (session: Session) => void;
  readonly leave: () => void;
  /** Somebody found out that the session is over. */
  readonly expire: () => void;
}

const AccountContext = createContext<Account | null>(null);

/** Only the shell and its pages use it. */
export function useAccount(): Account {
  const account = use(AccountContext);
  if (account === null) throw new Error("No AccountProvider above this component");
  return account;
}

function makeCache(onExpired: () => void): QueryClient {
  const onError = (failure: unknown) => {
    if (placeOf(failure) === "sign-in") onExpired();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // The event stream says when something is stale; the time is for what it may have missed.
      queries: { staleTime: 15_000, retry: shouldRetry, retryDelay },
      mutations: { retry: shouldRetry, retryDelay },
    },
  });
}

export function AccountProvider({ children }: { children: ReactNode }) {
  const [expired, setExpired] = useState(false);
  const [cache, setCache] = useState(() =>
    makeCache(() => {
      setExpired(true);
    }),
  );
  const [generation, setGeneration] = useState(0);
  const account = useMemo<Account>(() => {
    const startFresh = (session: Session | null) => {
      cache.clear();
      const fresh = makeCache(() => {
        setExpired(true);
      });
      fresh.setQueryData(sessions.current.queryKey, session);
      setCache(fresh);
      setGeneration((before) => before + 1);
      setExpired(false);
    };
    return {
      expired,
      expire: () => {
        setExpired(true);
      },
      enter: (session) => {
        const before = cache.getQueryData(sessions.current.queryKey);
        if (before?.user.id !== session.user.id) {
          startFresh(session);
          return;
        }
        cache.setQueryData(sessions.current.queryKey, session);
        setExpired(false);
        void cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
      },
      leave: () => {
        startFresh(null);
      },
    };
  }, [cache, expired]);
  return (
    <AccountContext value={account}>
      {/* The key draws everything anew: no component of the person before keeps a thing in its state. */}
      <QueryClientProvider key={generation} client={cache}>
        {children}
      </QueryClientProvider>
    </AccountContext>
  );
}
