/** What media ask of the session that they belong to. */
import type { Answer, Request, Stats } from "../core/index.ts";
import type { Media as MediaState, Mine } from "./call.ts";
import type { Tracks } from "./subscriber.ts";

export interface MediaHooks {
  readonly request: (it: Request) => Promise<Answer>;
  readonly mine: () => Mine;
  readonly audioOnly: () => boolean;
  readonly onChange: (change: { readonly tracks: Tracks } | { readonly media: MediaState }) => void;
  readonly onStats: (stats: Stats) => void;
  /** Nothing less helps: join again from the beginning. */
  readonly onRejoin: () => void;
}
