/** The few words of a description that we change before the browser reads it. */

const SOUND = { useinbandfec: "1", usedtx: "1", maxaveragebitrate: "32000" };

/**
 * What our encoder shall do with sound: the remote description says it. FEC survives single losses, DTX is quiet while
 * nobody speaks, 32 kbit/s are enough for speech and leave the line to the rest.
 */
export function tuned(answer: string): string {
  const opus = /^a=rtpmap:(\d+) opus\//im.exec(answer)?.[1];
  if (opus === undefined) return answer;
  return answer.replace(new RegExp(`^(a=fmtp:${opus} )([^\\r\\n]*)`, "gm"), (_line, head: string, list: string) => {
    const wanted = new Map(Object.entries(SOUND));
    const kept = list.split(";").filter((one) => one !== "" && !wanted.has(one.split("=")[0]?.trim() ?? ""));
    return head + [...kept, ...[...wanted].map(([name, value]) => `${name}=${value}`)].join(";");
  });
}

/** Which session of its sender a description belongs to (RFC 8866 §5.2): "" where it says none. */
export function sessionOf(description: string): string {
  return /^o=\S+ (\S+)/m.exec(description)?.[1] ?? "";
}
