/** Asks in plain words whether the call may be recorded; silence is no. */
import { h } from "./dom.ts";
import { button } from "./parts.ts";
import type { Text } from "./text.ts";

export interface Consent {
  readonly element: HTMLElement;
  readonly show: (asked: boolean) => void;
}

export function consentDialog(text: Text, onAnswer: (agrees: boolean) => Promise<void>): Consent {
  const answer = (agrees: boolean) => () => {
    element.hidden = true;
    // What did not reach the hub is asked again.
    onAnswer(agrees).catch(() => {
      asked = false;
    });
  };
  const element = h(
    "div",
    {
      class: "ask",
      role: "alertdialog",
      "aria-modal": "true",
      "aria-labelledby": "ask-title",
      "aria-describedby": "ask-text",
    },
    h(
      "div",
      { class: "ask-card" },
      h("h2", { id: "ask-title", tabindex: "-1" }, text.consentTitle),
      h("p", { id: "ask-text" }, text.consentText),
      button(text.yes, answer(true), "first"),
      button(text.no, answer(false)),
    ),
  );
  element.hidden = true;
  let asked = false;
  return {
    element,
    show: (now) => {
      // Once answered it stays away until the hub asks anew.
      if (now === asked) return;
      asked = now;
      element.hidden = !now;
      if (now) element.querySelector("h2")?.focus();
    },
  };
}
