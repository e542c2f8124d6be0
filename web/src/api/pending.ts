/** What has been asked for and not yet answered, read from mutation state: an overlay over the truth, nothing to undo. */
import { useMutationState } from "@tanstack/react-query";

interface Acting {
  readonly mutationKey?: readonly unknown[];
}

/** The ids for which this command is under way, from this browser tab. */
export function usePending(command: Acting): ReadonlySet<string> {
  const ids = useMutationState({
    filters: { status: "pending", ...(command.mutationKey === undefined ? {} : { mutationKey: command.mutationKey }) },
    select: ({ state }) => (state.variables as { readonly id?: string } | undefined)?.id ?? "",
  });
  return new Set(ids);
}

/** How many commands wait for the line. */
export function useWaitingCount(): number {
  return useMutationState({ filters: { predicate: ({ state }) => state.isPaused } }).length;
}
