/** My own camera as a stream that stays the same while its track does. */
import { useMemo } from "react";

export function useOwnStream(track: MediaStreamTrack | null): MediaStream | null {
  return useMemo(() => (track === null ? null : new MediaStream([track])), [track]);
}
