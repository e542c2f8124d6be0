/** What the device check found so far: each device asked for by itself, and whether the hub is reached. */
import { useCallback, useEffect, useRef, useState } from "react";
import { obtain, reachHub, type Chosen, type Got, type Reached } from "../../room/link/index.ts";

export type Kind = "microphone" | "camera";

export interface Checked {
  readonly microphone: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
  readonly chosen: Chosen;
}

export interface Check {
  readonly microphone: Got | null;
  readonly camera: Got | null;
  readonly reached: Reached | null;
  readonly chosen: Chosen;
  readonly again: (kind: Kind) => void;
  readonly choose: (kind: Kind, id: string) => void;
  readonly reachAgain: () => void;
  /** Hands the devices over; the camera only if wanted. Afterwards they are not ours to stop. */
  readonly take: (camera: boolean) => Checked;
}

type Found = Readonly<Record<Kind, Got | null>>;
const NONE: Found = { microphone: null, camera: null };

/** Stops what was opened for the check and not taken into the call. */
function stop(found: Found): void {
  found.microphone?.track?.stop();
  found.camera?.track?.stop();
}

export function useCheck(): Check {
  const [found, setFound] = useState(NONE);
  const [reached, setReached] = useState<Reached | null>(null);
  const [chosen, setChosen] = useState<Chosen>({});
  const held = useRef(NONE);
  // Counts the questions: a person may answer the browser when another one, or none, is before her.
  const turns = useRef({ microphone: 0, camera: 0 });
  const set = useCallback((kind: Kind, got: Got | null) => {
    held.current[kind]?.track?.stop();
    held.current = { ...held.current, [kind]: got };
    setFound(held.current);
  }, []);
  const ask = useCallback(
    async (kind: Kind, wish: Chosen) => {
      const turn = (turns.current[kind] += 1);
      const got = await obtain(kind, wish);
      if (turn === turns.current[kind]) set(kind, got);
      else got.track?.stop();
    },
    [set],
  );
  useEffect(() => {
    let over = false;
    const asked = turns.current;
    // One after the other: two questions at once confuse people and some browsers.
    void ask("microphone", {}).then(() => (over ? undefined : ask("camera", {})));
    void reachHub().then((answer) => {
      if (!over) setReached(answer);
    });
    return () => {
      over = true;
      asked.microphone += 1;
      asked.camera += 1;
      stop(held.current);
      held.current = NONE;
    };
  }, [ask]);
  return {
    ...found,
    reached,
    chosen,
    again: (kind) => {
      set(kind, null);
      void ask(kind, chosen);
    },
    choose: (kind, id) => {
      const wish = { ...chosen, [kind]: id };
      setChosen(wish);
      set(kind, null);
      void ask(kind, wish);
    },
    reachAgain: () => {
      setReached(null);
      void reachHub().then(setReached);
    },
    take: (camera) => {
      const { microphone, camera: picture } = held.current;
      held.current = { microphone: null, camera: camera ? null : picture };
      return { microphone: microphone?.track ?? null, camera: camera ? (picture?.track ?? null) : null, chosen };
    },
  };
}
