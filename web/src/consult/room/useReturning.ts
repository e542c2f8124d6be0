/** A reload inside comes back by itself, with what was on; leaving, or being sent away, does not. */
import { useEffect } from "react";
import { forgetInside, keepInside, type Call, type StaffSession } from "../../room/link/index.ts";

export function useReturning(consult: string, session: StaffSession, { stage, mine }: Call): void {
  const { at } = stage;
  const [microphone, camera] = [mine.microphone.on, mine.camera.on];
  useEffect(() => {
    if (at === "over" || at === "refused") forgetInside();
    if (at !== "inside") return undefined;
    const keep = () => {
      keepInside({ consult, microphone, camera, chosen: session.chosen });
    };
    keep();
    // The last word before a reload: from then on her seat is kept.
    addEventListener("pagehide", keep);
    return () => {
      removeEventListener("pagehide", keep);
    };
  }, [consult, session, at, microphone, camera]);
  // Another page of ours: she left.
  useEffect(() => forgetInside, []);
}
