/** The list of the desk: the rule's order with its reasons, rows that stay under the hand, keys, the phone. */
import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { referrals } from "../../api/resources/referrals.ts";
import { aDesk, detailOf, WANG, YANG } from "../../testing/desk.ts";
import type { FakeHub } from "../../testing/hub.ts";
import { aQueue, aReferral, aReferralPage, aTicketPatient, ZHOUMIN } from "../../testing/referrals.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { onScreen } from "../../testing/screen.ts";
import { ReferralsPage } from "./ReferralsPage.tsx";

const asDesk = { user: ZHOUMIN, at: "/referrals", path: "/referrals/:id?" };
let hub: FakeHub;

beforeEach(() => {
  hub = aDesk();
});

async function open() {
  const view = renderPage(<ReferralsPage />, asDesk);
  await screen.findByRole("article", { name: /转诊单/ });
  return view;
}

const rows = () => within(screen.getByRole("list", { name: "待处理" })).getAllByRole("button");

it("stands in the rule's order, each place with its sentence", async () => {
  await open();
  expect(rows().map((row) => row.textContent)).toEqual([
    expect.stringMatching(/排第1.*王秀兰.*Ⅲ级，30 分/),
    expect.stringMatching(/排第2.*杨生贵.*Ⅲ级，22 分/),
  ]);
  expect(screen.getByRole("button", { name: "待处理 2" })).toHaveAttribute("aria-pressed", "true");
  await expectAccessible();
});

it("keeps its rows under the hand, and shows the new one behind the bar", async () => {
  const { cache, person } = await open();
  const fresh = aReferral({ id: "t-new", patient: aTicketPatient({ name: "苏进财" }) });
  hub
    .answer("GET", "/api/v1/referrals", aReferralPage([fresh, WANG, YANG]))
    .answer("GET", "/api/v1/referrals/queue", aQueue([fresh, WANG, YANG]));
  await cache.invalidateQueries({ queryKey: referrals.keys.all });
  await screen.findByText("有 1 张新单子");
  expect(screen.queryByText("苏进财")).not.toBeInTheDocument();
  await person.keyboard(".");
  expect(await screen.findByText("苏进财")).toBeInTheDocument();
});

it("moves with J without opening anything, and opens with a click", async () => {
  hub.answer("POST", "/api/v1/referrals/t-yang/open", detailOf(YANG, { state: "received", version: 5 }));
  const { person } = await open();
  await person.keyboard("j");
  await screen.findByRole("heading", { name: /杨生贵/ });
  expect(hub.heard.some(({ method, path }) => method === "POST" && path.endsWith("/open"))).toBe(false);
  await person.click(screen.getByRole("button", { name: /排第2/ }));
  await waitFor(() => {
    expect(hub.heard.filter(({ path }) => path.endsWith("/open"))).toHaveLength(1);
  });
});

it("a ticket has one decision at the bottom and the sender one tap away", async () => {
  onScreen("phone");
  renderPage(<ReferralsPage />, { ...asDesk, at: "/referrals/t-wang" });
  expect(await screen.findByRole("button", { name: "接收" })).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "打电话给石门镇卫生院 09998 880101" })).toHaveAttribute(
    "href",
    "tel:09998880101",
  );
  expect(screen.getByRole("listitem", { current: "step" })).toHaveTextContent("等答复");
  await expectAccessible();
});
