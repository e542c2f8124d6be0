/** What has been asked for and not yet answered, read from mutation state: an overlay over the truth, nothing to undo. */
import { useMutationState, type MutationState } from "@tanstack/react-query";
import { LineDown } from "./problems.ts";

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

type Sending = Pick<MutationState<unknown, unknown>, "isPaused" | "status" | "failureReason">;

/** It was not sent because the line is known to be down, or was tried and found the line down; it is tried again. */
export function waitsForLine({ isPaused, status, failureReason }: Sending): boolean {
  return isPaused || (status === "pending" && failureReason instanceof LineDown);
}

/** How many commands wait for the line. */
export function useWaitingCount(): number {
  return useMutationState({ filters: { predicate: ({ state }) => waitsForLine(state) } }).length;
}
