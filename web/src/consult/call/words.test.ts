/** Which words a kept call is told in. */
import { expect, test } from "vitest";
import { instant } from "../../api/clock.ts";
import { LineDown, Problem } from "../../api/problems.ts";
import { aCall, aLine, aRecording } from "../../testing/calls.ts";
import { hoursOf, isRefused, lineWordOf, percent, recordingWordOf, whyEnded, writtenBy } from "./words.ts";

test("a line is told by its worst side, and nothing is said of one that was not measured", () => {
  expect(lineWordOf(aLine())).toBe("clear");
  expect(lineWordOf(aLine({ rtt_ms: 260 }))).toBe("fair");
  expect(lineWordOf(aLine({ loss: 0.06 }))).toBe("poor");
  expect(lineWordOf(aLine({ frozen: 0.4 }))).toBe("poor");
  expect(lineWordOf(aLine({ audio_only: 0.7 }))).toBe("audio-only");
  expect(lineWordOf(aLine({ rtt_ms: null, loss: null }))).toBe("unknown");
  expect(lineWordOf(undefined)).toBe("unknown");
});

test("a recording runs, is empty, was destroyed, or plays", () => {
  expect(recordingWordOf(aRecording())).toBe("playable");
  expect(recordingWordOf(aRecording({ ended_at: null }))).toBe("running");
  expect(recordingWordOf(aRecording({ tracks: [] }))).toBe("empty");
  expect(recordingWordOf(aRecording({ destroyed_at: "2029-11-23T00:00:00Z", tracks: [] }))).toBe("destroyed");
  expect([whyEnded(aRecording()), whyEnded(aRecording({ ended_why: "" }))]).toEqual(["withdrawn", null]);
});

test("only a refusal is one: a line that is down is worth another try", () => {
  expect(isRefused(new Problem({ status: 403, code: "FORBIDDEN" }))).toBe(true);
  expect(isRefused(new Problem({ status: 500, code: "FAULT" }))).toBe(false);
  expect(isRefused(new LineDown())).toBe(false);
  expect(isRefused(null)).toBe(false);
});

test("the chat stands where the recording does", () => {
  const { messages } = aCall();
  const at = (time: string) => writtenBy(messages, instant(`2026-11-23T01:${time}Z`));
  expect([at("03:09"), at("03:10"), at("03:29"), at("09:00")]).toEqual([0, 1, 1, 2]);
});

test("hours are told by minutes, and by seconds where a minute would say nothing", () => {
  expect(hoursOf("2026-11-23T01:00:10Z", "2026-11-23T01:20:00Z")).toBe("09:00–09:20");
  expect(hoursOf("2026-11-23T01:00:10Z", "2026-11-23T01:00:45Z")).toBe("09:00:10–09:00:45");
});

test("a little is one per cent, and nothing is none", () => {
  expect([percent(0), percent(0.001), percent(0.026)]).toEqual([0, 1, 3]);
});
