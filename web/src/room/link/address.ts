/** Where a consult's frames go: the same host that served the page. */
export function signalAddress(
  consult: string,
  { protocol, host }: Pick<Location, "protocol" | "host"> = location,
): string {
  return `${protocol === "https:" ? "wss" : "ws"}://${host}/api/v1/consults/${encodeURIComponent(consult)}/signal`;
}
