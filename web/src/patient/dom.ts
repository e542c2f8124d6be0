/** The little of a framework that this page needs: elements by name, their words, what happens on a press. */

type Child = Node | string | null | false;
type Handlers = Readonly<Record<string, string | boolean | null | ((event: Event) => void)>>;

/** An element; `on…` listens, true sets an empty attribute, null and false none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Handlers = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  put(element, ...children);
  return element;
}

function set(element: Element, name: string, value: Handlers[string]): void {
  if (typeof value === "function") element.addEventListener(name.slice(2), value);
  else if (value === true) element.setAttribute(name, "");
  else if (typeof value === "string") element.setAttribute(name, value);
}

/** Replaces what is inside. */
export function put(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...children.filter((one): one is Node | string => one !== null && one !== false));
}

/** Changes words only where they differ: a screen reader says what is new and nothing twice. */
export function say(element: Element, words: string): void {
  if (element.textContent !== words) element.textContent = words;
}

/** Our own strokes, 24 by 24. */
const STROKES = {
  mic: "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M5 11a7 7 0 0 0 14 0M12 18v3",
  "mic-off": "M9 9v3a3 3 0 0 0 5 2M15 10V6a3 3 0 0 0-6-1M5 11a7 7 0 0 0 11 6M19 11v2M12 18v3M3 3l18 18",
  camera: "M3 7h12v10H3zM15 11l6-4v10l-6-4",
  "camera-off": "M8 7h7v7M15 11l6-4v9M13 17H3V7h1M3 3l18 18",
  leave: "M3 15c5-5 13-5 18 0l-3 3-3-2v-3h-6v3l-3 2z",
  sound: "M4 10v4M8 7v10M12 4v16M16 8v8M20 10v4",
  chat: "M4 5h16v11H11l-5 4v-4H4z",
  phone: "M5 4h4l2 5-3 2c1 2 3 4 5 5l2-3 5 2v4c-9 1-16-6-15-15",
  speaker: "M4 9v6h4l5 4V5L8 9zM17 9c1 2 1 4 0 6M20 7c2 3 2 7 0 10",
  line: "M4 20v-3M9 20v-7M14 20V9M19 20V4",
  yes: "M5 13l4 4L19 7",
  alert: "M12 4l9 16H3zM12 10v4M12 17v.5",
  clock: "M12 4a8 8 0 1 0 .1 0M12 8v5l3 2",
} as const;

export type IconName = keyof typeof STROKES;

export function icon(name: IconName): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [attribute, value] of Object.entries({ viewBox: "0 0 24 24", class: "ic", "aria-hidden": "true" }))
    svg.setAttribute(attribute, value);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", STROKES[name]);
  svg.append(path);
  return svg;
}
