/** The waiting room: who comes, when, and what to do now. It flips at once when that changes. */
import type { Lobby } from "../room/core/index.ts";
import type { Call } from "../room/link/index.ts";
import { h, icon, put, say } from "./dom.ts";
import { box, button, hour, hubNow, sheet, type Page, type Screen } from "./parts.ts";
import { fill, language, type Text } from "./text.ts";

const MINUTE_MS = 60_000;

/** What now: let in soon, not here yet, or how late. */
export function waitWords({ host_here, begins_at }: Lobby, text: Text, now: number): string {
  if (host_here) return text.waitHere;
  const late = begins_at === null ? 0 : Math.floor((now - Date.parse(begins_at)) / MINUTE_MS);
  return late >= 1 ? fill(text.waitLate, { n: late }) : text.waitNotHere;
}

function people(lobby: Lobby, text: Text): HTMLElement {
  const rows = lobby.experts.map(({ name, title, organization }) =>
    h(
      "li",
      {},
      h("span", { class: "face", "aria-hidden": "true" }, name.slice(0, 1)),
      h("span", {}, h("b", {}, fill(text.doctor, { name })), h("small", {}, `${organization} ${title}`)),
    ),
  );
  return h("ul", { class: "people" }, ...rows);
}

/** Who and when, once the hub said it. */
function appointment(lobby: Lobby, text: Text, now: number): readonly (Node | null)[] {
  const at = lobby.begins_at;
  const when = at === null ? null : fill(text.waitWhen, { when: hour(at, language(), now) });
  return [
    lobby.experts.length > 0 ? people(lobby, text) : null,
    when === null ? null : h("p", { class: "when" }, icon("clock"), when),
  ];
}

export function waitScreen(page: Page, onLeave: () => void): Screen {
  const { text } = page;
  const now = h("p", { class: "now", role: "status" }, text.connecting);
  const who = h("div", { class: "col" });
  const tip = h("p", { class: "quiet" }, text.waitTip);
  const element = sheet(page, text.waiting, now, who, tip, h("span", { class: "sp" }), button(text.leave, onLeave));
  let lobby: Lobby | null = null;
  let up = false;
  let offset = 0;
  const draw = () => {
    const at = hubNow({ clockOffset: offset });
    say(now, lobby !== null && up ? waitWords(lobby, text, at) : text.connecting);
  };
  // Minutes of lateness pass without a word from the hub.
  const timer = setInterval(draw, 5_000);
  return {
    element,
    update: ({ stage, line, clockOffset }) => {
      [up, offset] = [line.at === "up", clockOffset];
      if (stage.at === "waiting" && stage.lobby !== lobby) {
        lobby = stage.lobby;
        put(who, ...appointment(lobby, text, hubNow({ clockOffset })));
      }
      draw();
    },
    close: () => {
      clearInterval(timer);
    },
  };
}

/** Refused at the door: too early tries again by itself, and so does a door that is shut. */
export function refusedScreen(page: Page, call: Call): Screen {
  const { text } = page;
  const { stage } = call;
  if (stage.at !== "refused") return { element: sheet(page, text.refused) };
  switch (stage.code) {
    case "TOO_EARLY": {
      const when = stage.beginsAt === null ? "" : hour(stage.beginsAt, language(), hubNow(call));
      return { element: sheet(page, text.early, box("clock", "", fill(text.earlyText, { when }))) };
    }
    // The hub's own words: a locked door is no dead link, and a new link would end this one.
    case "ROOM_LOCKED":
      return { element: sheet(page, stage.detail) };
    case "OVER":
      return { element: sheet(page, text.closed, h("p", {}, text.endedText)) };
    default:
      return { element: sheet(page, text.refused, h("p", {}, text.refusedText)) };
  }
}
