/** The command sheet with its fields: fetched beside the page, so that a list stands before its forms are here. */
import { lazy, Suspense, useEffect, useState } from "react";
import type { Referral, ReferralDetail } from "../../api/types.ts";
import type { Acting } from "./useActing.ts";

const load = async () => ({ default: (await import("./CommandSheet.tsx")).CommandSheet });
const CommandSheet = lazy(load);

export function LazySheet({ ticket, acting }: { ticket: Referral | ReferralDetail; acting: Acting }) {
  useEffect(() => {
    // Nobody waits for it at the click; a line that is down says so then.
    load().catch(() => undefined);
  }, []);
  // Once it was open it stays: a dialog that vanished at once could not give the focus back.
  const [opened, setOpened] = useState(false);
  if (acting.sheet !== null && !opened) setOpened(true);
  if (!opened) return null;
  return (
    <Suspense fallback={null}>
      <CommandSheet ticket={ticket} acting={acting} />
    </Suspense>
  );
}
