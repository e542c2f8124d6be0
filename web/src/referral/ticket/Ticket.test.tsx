/** One ticket as it is answered: reasons, keys, a refusal that keeps what was typed, the conversation. */
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { aDesk, detailOf, WANG } from "../../testing/desk.ts";
import type { FakeHub } from "../../testing/hub.ts";
import { ZHOUMIN } from "../../testing/referrals.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { ReferralsPage } from "../desk/ReferralsPage.tsx";

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

it("says why it stands there, with the sum as the rule made it", async () => {
  await open();
  const why = screen.getByRole("region", { name: "为什么排第 1" });
  expect(within(why).getByText("等待 10，优先床类别 15，路程 5 = 30 分")).toBeInTheDocument();
});

it("accepts with A once, however fast it is pressed, with the version that was seen and a key of its own", async () => {
  const accepted = detailOf(WANG, { state: "accepted", version: 5, commands: [] });
  hub.answer("POST", "/api/v1/referrals/t-wang/accept", () => {
    hub.answer("GET", "/api/v1/referrals/t-wang", accepted);
    return accepted;
  });
  await open();
  fireEvent.keyDown(document.body, { key: "a" });
  fireEvent.keyDown(document.body, { key: "a" });
  await screen.findByText("王秀兰：接收，已办好");
  const sent = hub.heard.filter(({ path }) => path.endsWith("/accept"));
  expect(sent).toHaveLength(1);
  expect(sent[0]?.headers.get("If-Match")).toBe('"4"');
  expect(sent[0]?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f]{32}$/);
});

it("keeps a grey command in reach, with its reason", async () => {
  await open();
  const arrive = screen.getByRole("button", { name: "登记到院" });
  expect(arrive).toHaveAttribute("aria-disabled", "true");
  expect(arrive).toHaveAccessibleDescription("要先到“已接收或已留床”");
});

it("when somebody was faster, says who, and keeps what was typed", async () => {
  const { person } = await open();
  hub.refuse("POST", "/api/v1/referrals/t-wang/ask", 409, "STATE").answer(
    "GET",
    "/api/v1/referrals/t-wang",
    detailOf(WANG, {
      state: "accepted",
      version: 6,
      events: [
        {
          at: "2026-11-23T00:35:00Z",
          name: "accepted",
          state: "accepted",
          actor: { id: "u-h", name: "韩雪" },
          data: {},
        },
      ],
    }),
  );
  await person.click(screen.getByRole("button", { name: "请补资料" }));
  const sheet = await screen.findByRole("dialog");
  expect(within(sheet).getByText("请补资料：王秀兰")).toBeInTheDocument();
  await person.type(within(sheet).getByLabelText("要补什么"), "近三天的体温");
  await person.click(within(sheet).getByRole("button", { name: "问对方，计时暂停" }));
  expect(await within(sheet).findByText(/08:35 韩雪 接收，现在是“已接收”/)).toBeInTheDocument();
  expect(within(sheet).getByLabelText("要补什么")).toHaveValue("近三天的体温");
  await expectAccessible();
});

it("declines only with a code, and with words where the code says nothing", async () => {
  hub.answer(
    "POST",
    "/api/v1/referrals/t-wang/decline",
    detailOf(WANG, { state: "declined", version: 5, commands: [] }),
  );
  const { person } = await open();
  await person.click(screen.getByRole("button", { name: "婉拒" }));
  const sheet = await screen.findByRole("dialog");
  await person.click(within(sheet).getByRole("button", { name: "婉拒" }));
  expect(await within(sheet).findByText("要写：为什么")).toBeInTheDocument();
  expect(hub.heard.some(({ path }) => path.endsWith("/decline"))).toBe(false);
});

it("sends a line of the conversation, and a pinyin Enter sends nothing", async () => {
  hub.answer("POST", "/api/v1/referrals/t-wang/messages", {
    id: "m-1",
    at: "2026-11-23T00:36:00Z",
    author: { id: "u-zhoumin", name: "周敏" },
    organization_id: "C01",
    text: "直接进 1 号门",
  });
  const { person } = await open();
  await person.keyboard("m");
  const field = screen.getByRole("textbox", { name: "写一句" });
  expect(field).toHaveFocus();
  await person.type(field, "直接进 1 号门{Enter}");
  await waitFor(() => {
    expect(field).toHaveValue("");
  });
  expect(hub.heard.find(({ method, path }) => method === "POST" && path.endsWith("/messages"))?.body).toEqual({
    text: "直接进 1 号门",
  });
});
