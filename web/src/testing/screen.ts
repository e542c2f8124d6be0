/** How wide the test's screen is; desk unless a test says otherwise. */
import type { Screen } from "../ui/useScreen.ts";

export function onScreen(screen: Screen): void {
  const matches = (query: string) =>
    (screen === "phone" && query.includes("max-width")) || (screen === "desk" && query.includes("min-width"));
  Object.defineProperty(globalThis, "matchMedia", {
    configurable: true,
    writable: true,
    value: (query: string) =>
      Object.assign(new EventTarget(), {
        matches: matches(query),
        media: query,
        onchange: null,
        addListener: () => undefined,
        removeListener: () => undefined,
      }),
  });
}
