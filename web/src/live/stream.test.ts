import { expect, test } from "vitest";
import { parseEvent } from "./stream.ts";
import { lineAfter } from "./status.ts";

test("an event carries its id and version", () => {
  expect(
    parseEvent({
      type: "reading-order.claimed",
      data: '{"id":"o-1","version":4,"state":"claimed","organization":"T01"}',
    }),
  ).toEqual({
    kind: "event",
    event: { type: "reading-order.claimed", id: "o-1", version: 4 },
  });
});

test("a heartbeat brings the hub's time, and a proxy's text is no event", () => {
  expect(parseEvent({ type: "heartbeat", data: '{"now":"2026-11-23T00:20:00Z"}' })).toEqual({
    kind: "heartbeat",
    now: "2026-11-23T00:20:00Z",
  });
  expect(parseEvent({ type: "message", data: "<html>502</html>" })).toBeNull();
});

test("30 s of silence is reconnecting, 60 s is down since the last word", () => {
  expect(lineAfter(29_000, 1_000, 42)).toEqual({ at: "live", roundTripMs: 42 });
  expect(lineAfter(30_000, 1_000, null)).toEqual({ at: "reconnecting", since: 1_000 });
  expect(lineAfter(60_000, 1_000, null)).toEqual({ at: "down", since: 1_000 });
});
