/** How patient the app is with a poor line: reads three times, commands never by themselves but for the line. */
import { isWorthRetrying } from "./problems.ts";

const MOST_TRIES = 3;

export function shouldRetry(failures: number, failure: unknown): boolean {
  return failures < MOST_TRIES && isWorthRetrying(failure);
}

/** 0.5 s, 1 s, 2 s. */
export function retryDelay(failures: number): number {
  return 500 * 2 ** failures;
}
