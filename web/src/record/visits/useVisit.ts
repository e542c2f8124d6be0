/** A visit under the hand and its saving: one key for what was written, however often the button is touched. */
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { newKey } from "../../api/client.ts";
import { civil, now } from "../../api/clock.ts";
import { followUps } from "../../api/resources/follow-ups.ts";
import type { FollowUp } from "../../api/types.ts";
import { begin, bodyOf, faultOf, type Visit } from "./form.ts";

export function useVisit(subject: FollowUp) {
  const today = civil(now()).date;
  const [visit, write] = useState(() => begin(today, subject.kind === "call" ? "phone" : "home"));
  const last = useRef<{ readonly key: string; readonly text: string } | null>(null);
  const complete = useMutation(followUps.complete);
  const fault = faultOf(visit, today);
  return {
    today,
    visit,
    fault,
    complete,
    set: (patch: Partial<Visit>) => {
      write((before) => ({ ...before, ...patch }));
    },
    save: (then?: (drafted: string | null) => void) => {
      if (fault !== null) return;
      const body = bodyOf(visit);
      const text = JSON.stringify(body);
      const key = last.current?.text === text ? last.current.key : newKey();
      last.current = { key, text };
      const after = { onSuccess: (done: { drafted_referral_id: string | null }) => then?.(done.drafted_referral_id) };
      complete.mutate({ id: subject.id, version: subject.version, key, ...body }, after);
    },
  };
}
