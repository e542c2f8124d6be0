import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { expectAccessible, renderPage } from "../testing/render.tsx";
import { CommandButton } from "./CommandButton.tsx";

test("an allowed command runs when it is clicked", async () => {
  const onRun = vi.fn();
  const { person } = renderPage(
    <CommandButton command={{ name: "claim", allowed: true }} onRun={onRun} keys="Enter">
      领取
    </CommandButton>,
  );
  await person.click(screen.getByRole("button", { name: "领取" }));
  expect(onRun).toHaveBeenCalledOnce();
  await expectAccessible();
});

test("a refused command stays reachable by keyboard, says why, and does nothing", async () => {
  const onRun = vi.fn();
  const { person } = renderPage(
    <CommandButton command={{ name: "verify", allowed: false, reason: "SAME_SIGNER" }} onRun={onRun}>
      审核签发
    </CommandButton>,
  );
  await person.tab();
  const button = screen.getByRole("button", { name: "审核签发" });
  expect(button).toHaveFocus();
  expect(button).toHaveAttribute("aria-disabled", "true");
  expect(button).toHaveAccessibleDescription("报告人和审核人不能是同一个人");
  await person.keyboard("{Enter}");
  expect(onRun).not.toHaveBeenCalled();
  await expectAccessible();
});

test("what the hub does not offer is not there", () => {
  renderPage(
    <CommandButton command={null} onRun={() => undefined}>
      领取
    </CommandButton>,
  );
  expect(screen.queryByRole("button")).toBeNull();
});

test("a command under way cannot be sent twice", async () => {
  const onRun = vi.fn();
  const { person } = renderPage(
    <CommandButton command={{ name: "claim", allowed: true }} onRun={onRun} pending>
      领取
    </CommandButton>,
  );
  await person.click(screen.getByRole("button", { name: /领取/ }));
  expect(onRun).not.toHaveBeenCalled();
});
