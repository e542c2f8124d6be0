import { screen, waitFor, within } from "@testing-library/react";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { beforeEach, expect, test } from "vitest";
import { aPage, aSession, LILAN, WANGKE } from "../../testing/builders.ts";
import { aConsult, ZHAONING } from "../../testing/consults.ts";
import { fakeHub, type FakeHub } from "../../testing/hub.ts";
import { expectAccessible } from "../../testing/render.tsx";
import { aReferralPage, ZHOUMIN } from "../../testing/referrals.ts";
import { onScreen } from "../../testing/screen.ts";
import { AppearanceProvider } from "../appearance.tsx";
import { ROUTES } from "../routes.tsx";
import { AccountProvider } from "../session.tsx";

let hub: FakeHub;

beforeEach(() => {
  hub = fakeHub()
    .refuse("GET", "/api/v1/events", 503, "FAULT")
    .answer("GET", "/api/v1/overview", {
      sending: 2,
      reading: 3,
      mine: { returned: 1, tasks: 1 },
      unread: 4,
      moving: [],
      unread_reports: [],
      tasks: [],
    })
    .answer("GET", "/api/v1/reading-orders", aPage([], { ready: 7 }))
    .answer("GET", "/api/v1/referrals", aReferralPage([], { in: 3, down: 2 }))
    .answer("GET", "/api/v1/follow-ups", { items: [], overdue: 5 });
});

function open(at: string) {
  const router = createMemoryRouter(ROUTES, { initialEntries: [at] });
  render(
    <AppearanceProvider>
      <AccountProvider>
        <RouterProvider router={router} />
      </AccountProvider>
    </AppearanceProvider>,
  );
  return { router, person: userEvent.setup() };
}

test("who is not signed in is asked, and then led to where she wanted to go", async () => {
  hub.refuse("GET", "/api/v1/session", 401, "SIGN_IN").answer("POST", "/api/v1/session", aSession());
  const { router, person } = open("/me");
  await person.type(await screen.findByRole("textbox", { name: "用户名" }), "lilan");
  await expectAccessible();
  await person.type(screen.getByLabelText("密码"), "lutong-demo{Enter}");
  expect(await screen.findByRole("heading", { name: "李兰" })).toBeVisible();
  expect(router.state.location.pathname).toBe("/me");
});

test("an expert who is rung for sees it on every page, and answers by one press", async () => {
  const rung = aConsult({
    id: "c-9",
    state: "ringing",
    urgency: "emergency",
    experts: [{ id: "zhaoning", name: "赵宁" }],
  });
  hub
    .answer("GET", "/api/v1/session", aSession(ZHAONING))
    .answer("GET", "/api/v1/consults", { items: [rung], next: null });
  open("/me");
  const band = await screen.findByRole("alert");
  expect(band).toHaveTextContent(`急会诊呼叫 ${rung.from.name} ${rung.applicant.name} 请您现在接听`);
  await expectAccessible();
  expect(within(band).getByRole("link", { name: "接听" })).toHaveAttribute("href", "/consults/c-9/room");
});

test("nobody is rung for whom another expert stands first", async () => {
  const rung = aConsult({
    state: "ringing",
    experts: [
      { id: "guoheng", name: "郭恒" },
      { id: "zhaoning", name: "赵宁" },
    ],
  });
  hub
    .answer("GET", "/api/v1/session", aSession(ZHAONING))
    .answer("GET", "/api/v1/consults", { items: [rung], next: null });
  open("/me");
  await waitFor(() => {
    expect(hub.heard.some(({ path }) => path === "/api/v1/consults")).toBe(true);
  });
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a township doctor finds her ways, with what waits behind them", async () => {
  hub.answer("GET", "/api/v1/session", aSession(LILAN));
  open("/me");
  const nav = await screen.findByRole("navigation", { name: "主导航" });
  expect(await within(nav).findByRole("link", { name: "送检 2" })).toBeVisible();
  expect(within(nav).getByRole("link", { name: "结果 4" })).toBeVisible();
  expect(within(nav).queryByRole("link", { name: /工作单/ })).toBeNull();
  await expectAccessible();
});

test("a specialist finds the worklist with the number of those nobody has", async () => {
  hub.answer("GET", "/api/v1/session", aSession(WANGKE));
  open("/me");
  expect(await screen.findByRole("link", { name: "工作单 7" })).toBeVisible();
});

test("who answers referrals finds the desk and the beds, with what waits to be answered", async () => {
  hub.answer("GET", "/api/v1/session", aSession(ZHOUMIN));
  open("/me");
  expect(await screen.findByRole("link", { name: "转诊 3" })).toBeVisible();
  expect(screen.getByRole("link", { name: "床位" })).toBeVisible();
});

test("a township sees what comes home to it, and which visits are late", async () => {
  hub.answer("GET", "/api/v1/session", aSession(LILAN));
  open("/me");
  expect(await screen.findByRole("link", { name: "转诊 2" })).toBeVisible();
  expect(await screen.findByRole("link", { name: "随访 5" })).toBeVisible();
});

test("when the session ends at work, the page stays beneath and the same person goes on", async () => {
  hub.answer("GET", "/api/v1/session", aSession(LILAN)).answer("POST", "/api/v1/session", aSession(LILAN));
  hub.refuse("GET", "/api/v1/events", 401, "SIGN_IN");
  const { person } = open("/me");
  const lock = await screen.findByRole("dialog", { name: "请重新登录" });
  expect(screen.getByText("石门镇卫生院", { exact: false, selector: "li" })).toBeInTheDocument();
  expect(within(lock).getByRole("textbox", { name: "用户名" })).toHaveValue("lilan");
  hub.refuse("GET", "/api/v1/events", 503, "FAULT");
  await person.type(within(lock).getByLabelText("密码"), "lutong-demo{Enter}");
  await waitFor(() => {
    expect(screen.queryByRole("dialog", { name: "请重新登录" })).toBeNull();
  });
});

test("the question mark shows every key", async () => {
  hub.answer("GET", "/api/v1/session", aSession(WANGKE));
  const { person } = open("/me");
  await screen.findByRole("heading", { name: "王珂" });
  await person.keyboard("?");
  const help = await screen.findByRole("dialog", { name: "快捷键" });
  // The worklist's and the referral desk's.
  expect(within(help).getAllByText("显示新到")).toHaveLength(2);
});

test("on a phone the ways are a bar at the bottom, with the person's own page", async () => {
  onScreen("phone");
  hub.answer("GET", "/api/v1/session", aSession(LILAN));
  open("/me");
  const nav = await screen.findByRole("navigation", { name: "主导航" });
  expect(within(nav).getAllByRole("link")).toHaveLength(5);
  expect(within(nav).getByRole("link", { name: "我的" })).toHaveAttribute("aria-current", "page");
  await expectAccessible();
});

test("signing out tells the hub, and nothing of the person stays", async () => {
  hub.answer("GET", "/api/v1/session", aSession(LILAN)).answer("DELETE", "/api/v1/session", null);
  const { person } = open("/me");
  await person.click(await screen.findByRole("button", { name: "退出登录" }));
  expect(await screen.findByRole("textbox", { name: "用户名" })).toHaveValue("");
  expect(hub.heard.find(({ method }) => method === "DELETE")?.headers.get("X-CSRF-Token")).toBe("csrf-of-the-test");
  expect(screen.queryByText("李兰")).toBeNull();
});
