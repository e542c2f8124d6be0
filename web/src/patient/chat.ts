/** What was written, large enough to read, and a line to write back. It lies over the picture while it is open. */
import type { Call } from "../room/link/index.ts";
import { h, put } from "./dom.ts";
import { button, type Page } from "./parts.ts";

export interface Chat {
  readonly element: HTMLElement;
  readonly update: (call: Call) => void;
  readonly open: () => void;
  readonly isOpen: () => boolean;
}

export function chatPanel({ text }: Page, onSay: (words: string) => void, onClose: () => void): Chat {
  const list = h("ol", { class: "said", "aria-live": "polite" });
  const field = h("input", {
    type: "text",
    maxlength: "2000",
    "aria-label": text.chatWrite,
    placeholder: text.chatWrite,
  });
  const send = (event: Event) => {
    event.preventDefault();
    const words = field.value.trim();
    if (words === "") return;
    field.value = "";
    onSay(words);
  };
  const form = h(
    "form",
    { class: "write", onsubmit: send },
    field,
    h("button", { class: "btn first", type: "submit" }, text.send),
  );
  const close = () => {
    element.hidden = true;
    onClose();
  };
  const element = h(
    "section",
    { class: "chat", "aria-label": text.chat },
    h("h2", { tabindex: "-1" }, text.chatTitle),
    list,
    form,
    button(text.back, close),
  );
  element.hidden = true;
  let drawn = "";
  return {
    element,
    isOpen: () => !element.hidden,
    open: () => {
      element.hidden = false;
      element.querySelector("h2")?.focus();
      list.scrollTop = list.scrollHeight;
    },
    update: ({ chats, unsent, me }) => {
      const now = JSON.stringify([chats.length, unsent]);
      if (now === drawn) return;
      drawn = now;
      const said = chats.map(({ seat, name, text: words }) =>
        h("li", { class: seat === me ? "mine" : "" }, h("b", {}, seat === me ? text.me : name), words),
      );
      const waiting = unsent.map(({ text: words, failed }) =>
        h("li", { class: "mine" }, h("b", {}, failed ? text.unsent : `${text.sending} …`), words),
      );
      put(list, ...said, ...waiting, said.length + waiting.length === 0 && h("li", { class: "quiet" }, text.chatNone));
      list.scrollTop = list.scrollHeight;
    },
  };
}
