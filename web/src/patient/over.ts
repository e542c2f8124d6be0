/** After the call: what it means that it is over, and the way back where there is one. */
import type { EndReason } from "../room/core/index.ts";
import { h } from "./dom.ts";
import { button, sheet, type Page, type Screen } from "./parts.ts";
import type { Text } from "./text.ts";

/** A class has no patients in it. */
type Reason = Exclude<EndReason, "class-over">;

const SECOND: Readonly<Record<Reason, keyof Text>> = {
  ended: "endedText",
  closed: "endedText",
  removed: "removedText",
  replaced: "replacedText",
  cancelled: "cancelledText",
  arranging: "arrangingText",
  "link-over": "link-overText",
  left: "leftText",
};

/** Hanging up is not finishing. */
const COMES_BACK: readonly EndReason[] = ["left", "replaced", "arranging"];

export function overScreen(page: Page, reason: EndReason, onBack: () => void): Screen {
  const { text } = page;
  const why: Reason = reason === "class-over" ? "closed" : reason;
  const back = COMES_BACK.includes(reason) ? button(text.comeBack, onBack, "first", "camera") : null;
  return {
    element: sheet(page, text[why], h("p", {}, text[SECOND[why]] as string), back, h("span", { class: "sp" })),
  };
}
