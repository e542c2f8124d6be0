import { expect, test } from "vitest";
import { frameReader } from "./frames.ts";

const WHOLE =
  'retry: 3000\n\nid: 7\nevent: reading-order.claimed\ndata: {"id":"o-1"}\n\n: still here\n\ndata: a\ndata: b\n\n';
const FRAMES = [
  { type: "reading-order.claimed", data: '{"id":"o-1"}', id: "7" },
  { type: "message", data: "a\nb", id: null },
];

test("frames come out whole, comments and empty ones do not", () => {
  expect(frameReader().take(WHOLE)).toEqual(FRAMES);
});

test("it does not matter where the line cuts the text", () => {
  for (let cut = 1; cut < WHOLE.length; cut += 1) {
    const reader = frameReader();
    expect([...reader.take(WHOLE.slice(0, cut)), ...reader.take(WHOLE.slice(cut))]).toEqual(FRAMES);
  }
});

test("Windows line ends are line ends", () => {
  expect(frameReader().take(WHOLE.replaceAll("\n", "\r\n"))).toEqual(FRAMES);
});
