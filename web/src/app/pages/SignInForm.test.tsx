import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { aSession } from "../../testing/builders.ts";
import { fakeHub } from "../../testing/hub.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { SignInForm } from "./SignInForm.tsx";

test("a person with the right password comes in, by Enter", async () => {
  const hub = fakeHub().answer("POST", "/api/v1/session", aSession());
  const onEntered = vi.fn();
  const { person } = renderPage(<SignInForm onEntered={onEntered} />);
  await person.type(screen.getByRole("textbox", { name: "用户名" }), "lilan");
  await person.type(screen.getByLabelText("密码"), "lutong-demo{Enter}");
  await waitFor(() => {
    expect(onEntered).toHaveBeenCalled();
  });
  expect(hub.heard[0]?.body).toEqual({ username: "lilan", password: "lutong-demo" });
});

test("a wrong password and an unknown user are answered alike, with the next step", async () => {
  fakeHub().refuse("POST", "/api/v1/session", 401, "CREDENTIALS");
  const { person } = renderPage(<SignInForm onEntered={() => undefined} />);
  await person.type(screen.getByRole("textbox", { name: "用户名" }), "nobody");
  await person.type(screen.getByLabelText("密码"), "wrong");
  await person.click(screen.getByRole("button", { name: "登录" }));
  expect(await screen.findByText("用户名或密码不对")).toBeVisible();
  await expectAccessible();
});

test("the one-time code is asked for only when the hub asks, and stays after a wrong one", async () => {
  const hub = fakeHub().refuse("POST", "/api/v1/session", 401, "OTP");
  const { person } = renderPage(<SignInForm onEntered={() => undefined} />);
  expect(screen.queryByRole("textbox", { name: "动态口令" })).toBeNull();
  await person.type(screen.getByRole("textbox", { name: "用户名" }), "wangke");
  await person.type(screen.getByLabelText("密码"), "lutong-demo{Enter}");
  const code = await screen.findByRole("textbox", { name: "动态口令" });
  hub.refuse("POST", "/api/v1/session", 401, "CREDENTIALS");
  await person.type(code, "407112{Enter}");
  expect(await screen.findByText("用户名或密码不对")).toBeVisible();
  expect(hub.heard.at(-1)?.body).toMatchObject({ otp: "407112" });
  expect(screen.getByRole("textbox", { name: "动态口令" })).toBeVisible();
});

test("an empty form says what is missing and asks the hub nothing", async () => {
  const hub = fakeHub();
  const { person } = renderPage(<SignInForm onEntered={() => undefined} />);
  await person.click(screen.getByRole("button", { name: "登录" }));
  expect(await screen.findByText("请写用户名")).toBeInTheDocument();
  expect(hub.heard).toEqual([]);
});
