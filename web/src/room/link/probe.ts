/** Whether the hub is reached before anybody joins, and how quickly: the first leg of the line. */

export interface Reached {
  readonly at: "good" | "slow" | "unreachable";
  readonly ms: number | null;
}

const TIMES = 3;
const WITHIN_MS = 6_000;
/** Above this a conversation is felt to lag. */
const SLOW_MS = 400;

async function once(): Promise<number | null> {
  const began = performance.now();
  const giveUp = new AbortController();
  const timer = setTimeout(() => {
    giveUp.abort();
  }, WITHIN_MS);
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: giveUp.signal });
    return answer.ok ? Math.round(performance.now() - began) : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** The middle of three: the first one pays for the connection. */
export async function reachHub(): Promise<Reached> {
  const times: number[] = [];
  for (let at = 0; at < TIMES; at += 1) {
    const ms = await once();
    if (ms === null) return { at: "unreachable", ms: null };
    times.push(ms);
  }
  const ms = times.sort((a, b) => a - b)[1] ?? 0;
  return { at: ms > SLOW_MS ? "slow" : "good", ms };
}
