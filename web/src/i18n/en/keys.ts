/** English of `zh-CN/keys.ts`. */
import type { Shape } from "../shape.ts";
import type { keys as zh } from "../zh-CN/keys.ts";

export const keys = {
  title: "Keys",
  search: "Search",
  help: "All keys",
  close: "Close, drafts are kept",
  then: "then",
  scope: { everywhere: "Everywhere", desk: "Desk", worklist: "Worklist", report: "Report", viewer: "Viewer" },
  goWorklist: "To the worklist",
  goHome: "To the desk",
  goResults: "To the results",
  goTrack: "To tracking",
  send: "Send a study",
  down: "Next row",
  up: "Previous row",
  claim: "Open or claim",
  showNew: "Show new ones",
  return: "Return",
  critical: "Critical value",
  message: "Message",
  sign: "Sign",
  save: "Save now",
  preliminary: "Preliminary report",
  preset: "Window",
  length: "Length",
  nextSeries: "Next series",
  nextBlank: "Next blank",
  submit: "Send",
} satisfies Shape<typeof zh>;
