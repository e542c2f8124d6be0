/** How patient the app is with a poor line: reads three times, commands never by themselves but for the line. */
import { isWorthRetrying, LineDown } from "./problems.ts";

const MOST_TRIES = 3;
const LONGEST_MS = 5_000;

export function shouldRetry(failures: number, failure: unknown): boolean {
  return failures < MOST_TRIES && isWorthRetrying(failure);
}

/** 0.5 s, 1 s, 2 s. */
export function retryDelay(failures: number): number {
  return 500 * 2 ** failures;
}

/** For what has to arrive however long the line is down: a line is outwaited, anything else is as patient as ever. */
export const untilHeard = {
  retry: (failures: number, failure: unknown) => failure instanceof LineDown || shouldRetry(failures, failure),
  retryDelay: (failures: number) => Math.min(retryDelay(failures), LONGEST_MS),
};
