/** Server-sent events out of text as it arrives: pure, whatever the pieces. WHATWG HTML §9.2.6. */

export interface Frame {
  readonly type: string;
  readonly data: string;
  readonly id: string | null;
}

export interface Reader {
  /** Takes the next piece of text and answers with the frames that it completes. */
  readonly take: (text: string) => readonly Frame[];
}

interface Draft {
  type: string;
  readonly data: string[];
  id: string | null;
}

function put(draft: Draft, line: string): void {
  const colon = line.indexOf(":");
  // A line that begins with a colon is a comment: it only keeps proxies awake.
  if (colon === 0) return;
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (field === "event") draft.type = value;
  else if (field === "data") draft.data.push(value);
  else if (field === "id" && !value.includes("\0")) draft.id = value;
}

const empty = (): Draft => ({ type: "message", data: [], id: null });

export function frameReader(): Reader {
  let rest = "";
  let draft = empty();
  return {
    take: (text) => {
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      const frames: Frame[] = [];
      for (const line of lines) {
        if (line !== "") put(draft, line);
        else {
          if (draft.data.length > 0) frames.push({ type: draft.type, data: draft.data.join("\n"), id: draft.id });
          draft = empty();
        }
      }
      return frames;
    },
  };
}
