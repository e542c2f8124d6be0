/** What every screen of the page is made of: the frame with the hospital's name, big buttons, the way to a telephone. */
import type { Call } from "../room/link/index.ts";
import { h, icon, type IconName } from "./dom.ts";
import type { Text } from "./text.ts";

/** Whom to call, and whose page this is. */
export interface Place {
  readonly consult: string;
  readonly phone: string;
  readonly organization: string;
}

export interface Page {
  readonly place: Place;
  readonly text: Text;
  readonly onLanguage: () => void;
}

export interface Screen {
  readonly element: HTMLElement;
  /** Draws what changed; what stays keeps its elements, so that no picture flickers. */
  readonly update?: (call: Call) => void;
  readonly close?: () => void;
}

export function button(words: string, onPress: () => void, look = "", face?: IconName): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: `btn ${look}`, onclick: onPress },
    face ? icon(face) : null,
    h("span", {}, words),
  );
}

/** The number that always works. */
export function help({ place, text }: Page): HTMLElement | null {
  if (place.phone === "") return null;
  const number = place.phone.replace(/[^\d+]/g, "");
  return h("p", { class: "help" }, icon("phone"), `${text.help} `, h("a", { href: `tel:${number}` }, place.phone));
}

/** A light page: heading, what it says, what can be done, and the number. */
export function sheet(page: Page, title: string, ...children: readonly (Node | string | null | false)[]): HTMLElement {
  const { place, text, onLanguage } = page;
  return h(
    "div",
    { class: "sheet" },
    h(
      "div",
      { class: "org" },
      h("span", { class: "sp" }, `${place.organization} ${text.title}`),
      h("button", { type: "button", class: "lang", onclick: onLanguage }, text.other),
    ),
    h("h1", { tabindex: "-1" }, title),
    ...children,
    help(page),
  );
}

/** A box with a sign at its left; `state` colours it and its words say the same. */
export function box(
  face: IconName,
  state: "" | "ok" | "due",
  ...children: readonly (Node | string | null)[]
): HTMLElement {
  return h("section", { class: `box ${state}` }, icon(face), h("div", { class: "sp" }, ...children));
}

/** An instant of the hub as people say it: 上午9:05, with the day where it is not today. */
export function hour(at: string, language: string, now: number): string {
  const day = (of: number) => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(of);
  const when = Date.parse(at);
  const sameDay = day(when) === day(now);
  return new Intl.DateTimeFormat(language, {
    timeZone: "Asia/Shanghai",
    hour: "numeric",
    minute: "2-digit",
    hour12: true,
    ...(sameDay ? {} : { month: "long", day: "numeric" }),
  }).format(when);
}

/** The hub's time on this phone, whatever its own clock says. */
export function hubNow({ clockOffset }: Pick<Call, "clockOffset">): number {
  return performance.timeOrigin + performance.now() + clockOffset;
}
