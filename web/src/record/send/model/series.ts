/** Pieces as a person thinks of them: studies of series. */
import type { Piece } from "./pieces.ts";

export interface SeriesOfPieces {
  readonly uid: string;
  readonly number: number | null;
  readonly text: string;
  readonly modality: string;
  readonly pieces: readonly [Piece, ...Piece[]];
}

export interface StudyOfPieces {
  readonly uid: string;
  readonly text: string;
  readonly date: string;
  readonly series: readonly SeriesOfPieces[];
  readonly pieces: readonly [Piece, ...Piece[]];
}

type Some = readonly [Piece, ...Piece[]];

function groups(pieces: readonly Piece[], keyOf: (piece: Piece) => string): readonly (readonly [string, Some])[] {
  const found = new Map<string, [Piece, ...Piece[]]>();
  for (const piece of pieces) {
    const known = found.get(keyOf(piece));
    if (known === undefined) found.set(keyOf(piece), [piece]);
    else known.push(piece);
  }
  return [...found];
}

function seriesOf([uid, pieces]: readonly [string, Some]): SeriesOfPieces {
  const { seriesNumber, seriesText, modality } = pieces[0].header;
  return { uid, number: seriesNumber, text: seriesText, modality, pieces };
}

/** Series by number within each study; the study with most pieces first. */
export function studiesOf(pieces: readonly Piece[]): readonly StudyOfPieces[] {
  return groups(pieces, ({ header }) => header.studyUid)
    .map(([uid, own]) => ({
      uid,
      text: own[0].header.studyText,
      date: own[0].header.studyDate,
      series: groups(own, ({ header }) => header.seriesUid)
        .map(seriesOf)
        .toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0)),
      pieces: own,
    }))
    .toSorted((a, b) => b.pieces.length - a.pieces.length);
}
