/** The board without a mouse: Enter, arrows, menu; and what a column says to a ticket that it does not take. */
import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { fakeHub, type FakeHub } from "../../testing/hub.ts";
import {
  aBoard,
  aQueue,
  aReferral,
  aReferralDetail,
  aReferralPage,
  aTicketPatient,
  ZHOUMIN,
} from "../../testing/referrals.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { KanbanPage } from "./KanbanPage.tsx";

const SU = aReferral({
  id: "t-su",
  state: "accepted",
  patient: aTicketPatient({ name: "苏进财", age: 72 }),
  commands: [
    { name: "hold-bed", allowed: true },
    { name: "arrive", allowed: false, reason: "STATE" },
    { name: "ask", allowed: false, reason: "STATE" },
  ],
});
const HAI = aReferral({
  id: "t-hai",
  direction: "down",
  state: "handed-over",
  patient: aTicketPatient({ name: "海文秀" }),
});

let hub: FakeHub;

beforeEach(() => {
  hub = fakeHub()
    .answer("GET", "/api/v1/referrals", aReferralPage([SU, HAI]))
    .answer("GET", "/api/v1/referrals/queue", aQueue([SU]))
    .answer("GET", "/api/v1/beds", aBoard([]));
});

const column = (name: string) => screen.getByRole("region", { name });

async function open() {
  const view = renderPage(<KanbanPage />, { user: ZHOUMIN, at: "/referrals/board", path: "/referrals/board" });
  await screen.findByRole("button", { name: /^Ⅲ级.*苏进财/ });
  return view;
}

it("has seven columns, each ticket in its own", async () => {
  await open();
  expect(screen.getAllByRole("region")).toHaveLength(7);
  expect(within(column("已接收 等床")).getByText("苏进财")).toBeInTheDocument();
  expect(within(column("下转 待接手")).getByText("海文秀")).toBeInTheDocument();
  await expectAccessible();
});

it("moves a ticket with Enter and arrows: the column says what letting go means, and asks only for that", async () => {
  hub.answer("POST", "/api/v1/referrals/t-su/hold-bed", aReferralDetail({ ...SU, state: "bed-held", version: 5 }));
  const { person } = await open();
  screen.getByRole("button", { name: /^Ⅲ级.*苏进财/ }).focus();
  await person.keyboard("{Enter}{ArrowRight}");
  expect(within(column("已留床")).getByText("松手：留床")).toBeInTheDocument();
  expect(within(column("已到 在院")).getByText("要先到“已接收或已留床”")).toBeInTheDocument();
  expect(screen.getByRole("status")).toHaveTextContent("已留床：放下就留床");
  await person.keyboard("{Enter}");
  const sheet = await screen.findByRole("dialog");
  expect(within(sheet).getByText("留床：苏进财")).toBeInTheDocument();
  await person.click(within(sheet).getByRole("button", { name: "留床" }));
  await waitFor(() => {
    expect(hub.heard.find(({ path }) => path.endsWith("/hold-bed"))?.body).toEqual({ bed_id: "", reason: "" });
  });
});

it("puts a ticket back with Escape, and asks nothing of a column that does not take it", async () => {
  const { person } = await open();
  screen.getByRole("button", { name: /^Ⅲ级.*苏进财/ }).focus();
  await person.keyboard("{Enter}{Escape}");
  expect(screen.queryByText("松手：留床")).not.toBeInTheDocument();
  await person.keyboard("{Enter}{ArrowLeft}{Enter}");
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  expect(hub.heard.filter(({ method }) => method === "POST")).toEqual([]);
});

it("moves a ticket by its menu too, where grey columns say why", async () => {
  const { person } = await open();
  await person.click(screen.getByRole("button", { name: "移动 苏进财" }));
  const refused = await screen.findByRole("menuitem", { name: /^在途：/ });
  expect(refused).toHaveAttribute("aria-disabled", "true");
  expect(refused).toHaveTextContent("这一步不归您这边做");
  await person.click(screen.getByRole("menuitem", { name: "已留床" }));
  expect(within(await screen.findByRole("dialog")).getByText("留床：苏进财")).toBeInTheDocument();
});

it("shows only those that go home when asked", async () => {
  const { person } = await open();
  await person.click(screen.getByText("下转", { selector: ".ant-segmented-item-label" }));
  expect(screen.queryByText("苏进财")).not.toBeInTheDocument();
  expect(screen.getByText("海文秀")).toBeInTheDocument();
});
