/** Draws a page as it stands in the app: language, theme, a signed-in person, a cache of its own, an address. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect } from "vitest";
import { sessions } from "../api/resources/session.ts";
import type { SessionUser } from "../api/types.ts";
import { Theme } from "../ui/theme/Theme.tsx";
import { aSession, LILAN } from "./builders.ts";

interface Setting {
  readonly user?: SessionUser;
  /** The address, and the pattern it is read with: `/track/o-1` and `/track/:order`. */
  readonly at?: string;
  readonly path?: string;
}

/** The page, a person's hands, and the cache and router behind. */
export function renderPage(page: ReactNode, { user = LILAN, at = "/", path = "*" }: Setting = {}) {
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
  cache.setQueryData(sessions.current.queryKey, aSession(user));
  const router = createMemoryRouter(
    [
      { path, element: page },
      { path: "*", element: null },
    ],
    { initialEntries: [at] },
  );
  const view = render(
    <Theme mode="light">
      <QueryClientProvider client={cache}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </Theme>,
  );
  return { ...view, cache, router, person: userEvent.setup() };
}

// jsdom lays nothing out, so contrast cannot be measured; the token test and the browser tests do that.
const RULES = { "color-contrast": { enabled: false }, region: { enabled: false } };

/** No serious finding by axe on what is drawn. */
export async function expectAccessible(within: Element = document.body): Promise<void> {
  const { violations } = await axe.run(within, { rules: RULES });
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
}
