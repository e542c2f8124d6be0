/** What stays of a call as the hub sends it. */
import type { CallLine, CallRecord, RecordedTrack, Recording } from "../api/types.ts";

export function aTrack(of: Partial<RecordedTrack> = {}): RecordedTrack {
  const source = of.source ?? "camera";
  const type = source === "microphone" ? 'audio/webm; codecs="opus"' : 'video/webm; codecs="vp8"';
  return {
    number: 0,
    person: "lilan",
    name: "李兰",
    seat: "s1",
    source,
    codec: source === "microphone" ? "opus" : "vp8",
    type,
    start_ms: 0,
    milliseconds: 10_000,
    url: `/api/v1/consults/c-1/recordings/r-1/tracks/${String(of.number ?? 0)}`,
    ...of,
  };
}

export function aRecording(of: Partial<Recording> = {}): Recording {
  return {
    id: "r-1",
    started_at: "2026-11-23T01:02:00Z",
    ended_at: "2026-11-23T01:14:00Z",
    ended_why: "withdrawn",
    by: { id: "zhaoning", name: "赵宁" },
    destroy_after: "2029-11-22T01:02:00Z",
    destroyed_at: null,
    clock_at: "2026-11-23T01:02:00Z",
    consents: [
      { person: "zhaoning", name: "赵宁", agreed_at: "2026-11-23T01:01:00Z", withdrawn_at: null },
      { person: "patient", name: "马建国", agreed_at: "2026-11-23T01:02:00Z", withdrawn_at: "2026-11-23T01:14:00Z" },
    ],
    tracks: [aTrack({ source: "microphone" }), aTrack({ number: 1 })],
    ...of,
  };
}

export function aLine(of: Partial<CallLine> = {}): CallLine {
  return {
    person: "lilan",
    name: "李兰",
    samples: 20,
    since: "2026-11-23T01:00:30Z",
    until: "2026-11-23T01:20:00Z",
    rtt_ms: 40,
    loss: 0,
    up_kbit: 900,
    down_kbit: 800,
    freezes: 0,
    frozen: 0,
    audio_only: 0,
    ...of,
  };
}

export function aCall(of: Partial<CallRecord> = {}): CallRecord {
  return {
    people: [
      {
        person: "zhaoning",
        name: "赵宁",
        role: "host",
        title: "副主任",
        organization: "云岭县人民医院",
        spans: [{ since: "2026-11-23T01:00:00Z", until: "2026-11-23T01:20:00Z" }],
        cuts: 0,
      },
      {
        person: "lilan",
        name: "李兰",
        role: "sender",
        title: "执业助理",
        organization: "石门镇卫生院",
        spans: [{ since: "2026-11-23T01:01:00Z", until: null }],
        cuts: 2,
      },
    ],
    looks: [
      {
        kind: "study",
        study_uid: "1.2.3",
        label: "CT 胸部平扫",
        by: "赵宁",
        since: "2026-11-23T01:05:00Z",
        until: "2026-11-23T01:09:00Z",
      },
    ],
    messages: [
      { id: "m-1", name: "赵宁", role: "host", text: "请把手机靠近一点", at: "2026-11-23T01:03:10Z" },
      { id: "m-2", name: "马建国", role: "patient", text: "好的", at: "2026-11-23T01:03:30Z" },
    ],
    lines: [aLine({ rtt_ms: 260, loss: 0.03, frozen: 0.2 })],
    ...of,
  };
}
