/** What the browser's statistics say of our connections: whether anything arrives, how well, and over which way. */
import type { Stats } from "../core/index.ts";

export type Path = "udp" | "tcp" | "relay";

export interface Report {
  readonly type: string;
  readonly kind?: string;
  readonly id?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly bytesReceived?: number;
  readonly bytesSent?: number;
  readonly roundTripTime?: number;
  readonly fractionLost?: number;
  readonly freezeCount?: number;
  readonly selectedCandidatePairId?: string;
  readonly localCandidateId?: string;
  readonly candidateType?: string;
  readonly protocol?: string;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly currentRoundTripTime?: number;
}

export type Reports = readonly Report[];

export async function reportsOf(pc: RTCPeerConnection): Promise<Reports> {
  const found: Report[] = [];
  (await pc.getStats()).forEach((report: Report) => found.push(report));
  return found;
}

const sum = (reports: Reports, of: (report: Report) => number | undefined) =>
  reports.reduce((total, report) => total + (of(report) ?? 0), 0);

/** Packets that arrived on this transport; null where the browser does not count them. */
export function receivedOf(reports: Reports): number | null {
  const [transport] = reports.filter(({ type }) => type === "transport");
  if (transport?.packetsReceived !== undefined) return transport.packetsReceived;
  if (transport?.bytesReceived !== undefined) return transport.bytesReceived;
  const pairs = reports.filter(({ type, bytesReceived }) => type === "candidate-pair" && bytesReceived !== undefined);
  return pairs.length === 0 ? null : sum(pairs, ({ bytesReceived }) => bytesReceived);
}

function pairOf(reports: Reports): Report | undefined {
  const chosen = reports.find(({ type }) => type === "transport")?.selectedCandidatePairId;
  const pairs = reports.filter(({ type }) => type === "candidate-pair");
  return (
    pairs.find(({ id }) => id === chosen) ?? pairs.find(({ nominated, state }) => nominated && state === "succeeded")
  );
}

/** By which way the packets go; null while none is found. */
export function pathOf(reports: Reports): Path | null {
  const pair = pairOf(reports);
  const local = reports.find(({ id }) => id === pair?.localCandidateId);
  if (local === undefined) return null;
  if (local.candidateType === "relay") return "relay";
  return local.protocol === "tcp" ? "tcp" : "udp";
}

export interface Totals {
  readonly at: number;
  readonly sent: number;
  readonly received: number;
  readonly freezes: number;
  readonly packets: number;
  readonly lost: number;
}

export function totalsOf(publishing: Reports, receiving: Reports, at: number): Totals {
  const inbound = receiving.filter(({ type }) => type === "inbound-rtp");
  return {
    at,
    sent: sum(publishing, ({ type, bytesSent }) => (type === "outbound-rtp" ? bytesSent : 0)),
    received: sum(inbound, ({ bytesReceived }) => bytesReceived),
    freezes: sum(inbound, ({ freezeCount }) => freezeCount),
    packets: sum(inbound, ({ packetsReceived }) => packetsReceived),
    lost: sum(inbound, ({ packetsLost }) => packetsLost),
  };
}

const kbit = (bytes: number, ms: number) => Math.max(0, Math.round((bytes * 8) / Math.max(1, ms)));

function lossOf(publishing: Reports, before: Totals, after: Totals): number | null {
  const up = publishing.flatMap(({ type, fractionLost }) =>
    type === "remote-inbound-rtp" && fractionLost !== undefined ? [fractionLost] : [],
  );
  const [lost, packets] = [Math.max(0, after.lost - before.lost), Math.max(0, after.packets - before.packets)];
  const down = packets + lost === 0 ? [] : [lost / (lost + packets)];
  const all = [...up, ...down];
  return all.length === 0 ? null : Math.min(1, Math.max(...all));
}

/** What we tell the hub of the last five seconds. */
export function statsOf(publishing: Reports, before: Totals, after: Totals, audioOnly: boolean): Stats {
  const pair = pairOf(publishing);
  const trip = publishing.find(({ roundTripTime }) => roundTripTime !== undefined)?.roundTripTime;
  const rtt = pair?.currentRoundTripTime ?? trip;
  const ms = after.at - before.at;
  return {
    type: "stats",
    rtt_ms: rtt === undefined ? null : Math.round(rtt * 1000),
    loss: lossOf(publishing, before, after),
    up_kbit: kbit(after.sent - before.sent, ms),
    down_kbit: kbit(after.received - before.received, ms),
    freezes: Math.max(0, after.freezes - before.freezes),
    audio_only: audioOnly,
  };
}
