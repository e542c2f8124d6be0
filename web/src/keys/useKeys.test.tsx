import { fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderPage } from "../testing/render.tsx";
import { setSingleKeys } from "./preference.ts";
import { useKeys } from "./useKeys.ts";

function Report({ onSign, onReturn }: { onSign: () => void; onReturn: () => void }) {
  useKeys("report", { sign: onSign, return: onReturn });
  return <textarea aria-label="诊断意见" />;
}

function Anywhere({ onWorklist }: { onWorklist: () => void }) {
  useKeys("everywhere", { goWorklist: onWorklist });
  return null;
}

test("a letter typed into a field is text, Ctrl+Enter there is the command", async () => {
  const onSign = vi.fn();
  const onReturn = vi.fn();
  const { person } = renderPage(<Report onSign={onSign} onReturn={onReturn} />);
  await person.type(screen.getByRole("textbox", { name: "诊断意见" }), "r{Control>}{Enter}{/Control}");
  expect(onReturn).not.toHaveBeenCalled();
  expect(onSign).toHaveBeenCalledOnce();
});

test("a key pressed while pinyin is composed is nobody's", () => {
  const onReturn = vi.fn();
  renderPage(<Report onSign={() => undefined} onReturn={onReturn} />);
  fireEvent.keyDown(document.body, { key: "r", isComposing: true });
  expect(onReturn).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { key: "r" });
  expect(onReturn).toHaveBeenCalledOnce();
});

test("single letters can be switched off", async () => {
  setSingleKeys(false);
  const onReturn = vi.fn();
  const { person } = renderPage(<Report onSign={() => undefined} onReturn={onReturn} />);
  await person.keyboard("r");
  expect(onReturn).not.toHaveBeenCalled();
});

test("two keys in a row lead to the worklist", async () => {
  const onWorklist = vi.fn();
  const { person } = renderPage(<Anywhere onWorklist={onWorklist} />);
  await person.keyboard("gw");
  expect(onWorklist).toHaveBeenCalledOnce();
});
