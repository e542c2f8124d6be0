/** The files a person chose so far, with their heads read. They live with the page, nowhere else. */
import { useState } from "react";
import { gather, type Aside, type Gathered, type Piece } from "./model/pieces.ts";

interface State {
  readonly pieces: readonly Piece[];
  readonly asides: readonly Aside[];
  /** How many have been looked at, while that goes on. */
  readonly reading: number | null;
}

const NOTHING: State = { pieces: [], asides: [], reading: null };

function merged(before: State, { pieces, asides }: Gathered): State {
  const known = new Map([...before.pieces, ...pieces].map((piece) => [piece.mark, piece]));
  return { pieces: [...known.values()], asides: [...before.asides, ...asides], reading: null };
}

export interface Gathering extends State {
  readonly add: (files: Parameters<typeof gather>[0]) => Promise<void>;
  readonly dropStudy: (uid: string) => void;
  readonly clear: () => void;
}

export function useGathering(): Gathering {
  const [state, setState] = useState(NOTHING);
  return {
    ...state,
    add: async (files) => {
      if (files.length === 0) return;
      setState((before) => ({ ...before, reading: 0 }));
      const found = await gather(files, (done) => {
        setState((before) => ({ ...before, reading: done }));
      });
      setState((before) => merged(before, found));
    },
    dropStudy: (uid) => {
      setState((before) => ({ ...before, pieces: before.pieces.filter(({ header }) => header.studyUid !== uid) }));
    },
    clear: () => {
      setState(NOTHING);
    },
  };
}
