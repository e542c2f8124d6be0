/** `/api/v1/session`: who is signed in. Features read `useUser()`; only the shell enters and leaves. */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { get, post, remove, rememberCsrf } from "../client.ts";
import { Problem } from "../problems.ts";
import type { RoleName, Session, SessionUser } from "../types.ts";

async function current(signal: AbortSignal): Promise<Session | null> {
  try {
    const session = await get("/api/v1/session", { signal });
    rememberCsrf(session.csrf);
    return session;
  } catch (failure) {
    if (failure instanceof Problem && failure.status === 401) return null;
    throw failure;
  }
}

export const sessions = {
  current: queryOptions({
    queryKey: ["session"] as const,
    queryFn: ({ signal }) => current(signal),
    staleTime: Infinity,
    gcTime: Infinity,
  }),
  enter: async (credentials: { username: string; password: string; otp?: string }): Promise<Session> => {
    const session = await post("/api/v1/session", { body: credentials });
    rememberCsrf(session.csrf);
    return session;
  },
  leave: async (): Promise<void> => {
    await remove("/api/v1/session");
    rememberCsrf(null);
  },
};

/** The person at the screen. Only below the shell, where there is one. */
export function useUser(): SessionUser {
  const { data } = useSuspenseQuery(sessions.current);
  if (data === null) throw new Problem({ status: 401, code: "SIGN_IN" });
  return data.user;
}

export function hasRole(user: SessionUser, ...wanted: readonly RoleName[]): boolean {
  return user.roles.some(({ role }) => wanted.includes(role));
}

/** The centres for which this person reads. */
export function centresOf(user: SessionUser): readonly { readonly id: string; readonly name: string }[] {
  const centres = user.roles.flatMap(({ centre }) => (centre ? [centre] : []));
  return centres.filter((centre, at) => centres.findIndex(({ id }) => id === centre.id) === at);
}
