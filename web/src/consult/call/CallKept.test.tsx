/** What stays of a call on its consult's page: asked for, told in words, refused in words, played. */
import { act, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { consults } from "../../api/resources/consults.ts";
import { aCall, aRecording } from "../../testing/calls.ts";
import { aConsult, ZHAONING } from "../../testing/consults.ts";
import { fakeHub, type FakeHub } from "../../testing/hub.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { ConsultPage } from "../ConsultPage.tsx";

const CALLED = aConsult({ state: "documenting", mode: "video", timeline: { "in-call": "2026-11-23T01:00:00Z" } });
const CALL = "/api/v1/consults/{id}/call";
const RECORDINGS = "/api/v1/consults/{id}/recordings";

function aHub(): FakeHub {
  return fakeHub()
    .answer("GET", "/api/v1/consults/{id}", CALLED)
    .refuse("GET", "/api/v1/consults/{id}/opinion", 404, "NOT_FOUND")
    .answer("GET", CALL, aCall())
    .answer("GET", RECORDINGS, { items: [aRecording()] });
}

const render = (search = "?call=1") =>
  renderPage(<ConsultPage />, { at: `/consults/c-1${search}`, path: "/consults/:id", user: ZHAONING });

test("nobody's look is on record before she asks for it", async () => {
  const hub = aHub();
  const { person } = render("");
  const asked = () => hub.heard.filter(({ path }) => /\/(call|recordings)$/.test(path));
  const show = await screen.findByRole("button", { name: "看通话记录" });
  expect(asked()).toEqual([]);
  await person.click(show);
  expect(await screen.findByText("谁在场")).toBeVisible();
  expect(asked()).toHaveLength(2);
  await person.click(screen.getByRole("button", { name: "收起" }));
  expect(screen.queryByText("谁在场")).not.toBeInTheDocument();
});

test("a consult without a call has none to show", async () => {
  aHub().answer("GET", "/api/v1/consults/{id}", aConsult({ state: "documenting" }));
  render();
  expect(await screen.findByText("还没有签发的意见")).toBeInTheDocument();
  expect(screen.queryByText("通话记录")).not.toBeInTheDocument();
});

test("who was there, how the line did, what was seen, written and agreed to stands in words", async () => {
  aHub();
  render();
  const people = await screen.findByRole("region", { name: "谁在场" });
  expect(within(people).getByText("09:00–09:20")).toBeVisible();
  expect(within(people).getByText("主持 · 副主任 · 云岭县人民医院")).toBeVisible();
  expect(within(people).getByText("09:01 起，还在")).toBeVisible();
  expect(within(people).getByText("断线 2 次")).toBeVisible();
  expect(within(people).getByText("线路稍卡")).toBeVisible();
  expect(within(people).getByText("来回 260 毫秒 · 丢包 3% · 画面卡住 20% 的时候")).toBeVisible();
  const looks = screen.getByRole("region", { name: "一起看过的" });
  expect(within(looks).getByText("影像 CT 胸部平扫")).toBeVisible();
  const chat = screen.getByRole("region", { name: "对话" });
  expect(within(chat).getByText("09:03:10")).toBeVisible();
  expect(
    within(chat)
      .getAllByText(/靠近|好的/)
      .map((it) => it.textContent),
  ).toEqual(["请把手机靠近一点", "好的"]);
  expect(await screen.findByText("马建国 09:02")).toBeVisible();
  expect(screen.getByText("09:14 收回同意")).toBeVisible();
  expect(screen.getByText(/保存到 2029-11-22/)).toBeVisible();
  await expectAccessible();
});

test("a recording whose key is gone says so and offers nothing to press", async () => {
  const gone = aRecording({ destroyed_at: "2029-11-22T02:00:00Z", tracks: [] });
  aHub().answer("GET", RECORDINGS, { items: [gone] });
  render();
  expect(await screen.findByText("保存期到 2029-11-22，2029-11-22 已销毁，谁也不能再看")).toBeVisible();
  expect(screen.queryByRole("button", { name: "播放录像" })).not.toBeInTheDocument();
});

test("whoever is on neither side reads why, and what she can do", async () => {
  aHub().refuse("GET", CALL, 403, "FORBIDDEN");
  render();
  expect(await screen.findByText("通话记录和录像只给会诊双方看")).toBeVisible();
  expect(screen.getByText(/请找任何一方的医务部/)).toBeVisible();
  await expectAccessible();
});

test("a hub that cannot read its recordings says so, and the rest stays", async () => {
  aHub().refuse("GET", RECORDINGS, 503, "UNAVAILABLE");
  render();
  expect(await screen.findByRole("alert")).toHaveTextContent("记录都在医院的服务器上，没有丢");
  expect(screen.getByRole("region", { name: "谁在场" })).toBeVisible();
});

test("a call of which nothing was kept says so in each place", async () => {
  aHub()
    .answer("GET", CALL, aCall({ people: [], looks: [], messages: [], lines: [] }))
    .answer("GET", RECORDINGS, { items: [] });
  render();
  expect(await screen.findByText("这次通话没有录像")).toBeVisible();
  for (const words of ["没有留下谁在场的记录", "没有一起看过资料", "通话时没有人写字"])
    expect(screen.getByText(words)).toBeVisible();
});

test("a recording is played by buttons and by keys, and a line of the chat leads to its moment", async () => {
  aHub();
  const { person } = render();
  await person.click(await screen.findByRole("button", { name: "播放录像" }));
  const player = screen.getByRole("group", { name: "会诊录像" });
  const position = () => within(player).getByRole<HTMLInputElement>("slider", { name: "放到哪里" });
  await person.click(within(player).getByRole("button", { name: "暂停" }));
  // It stands now: how far it came until then is the machine's affair.
  const stood = Number(position().value);
  await person.keyboard("[ArrowRight]");
  expect(Number(position().value)).toBe(stood + 5_000);
  await person.keyboard("[ArrowLeft]");
  expect(Number(position().value)).toBe(stood);
  position().focus();
  await person.keyboard("[Space]");
  expect(within(player).getByRole("button", { name: "暂停" })).toBeVisible();
  const mute = within(player).getByRole("button", { name: "静音 李兰" });
  await person.click(mute);
  expect(mute).toHaveAttribute("aria-pressed", "true");
  await expectAccessible();
});

test("a chat line that was written while it was recorded leads there", async () => {
  const long = aRecording();
  const tracks = long.tracks.map((track) => ({ ...track, milliseconds: 700_000 }));
  aHub().answer("GET", RECORDINGS, { items: [{ ...long, tracks }] });
  const { person } = render();
  await person.click(await screen.findByRole("button", { name: "播放录像" }));
  await person.click(screen.getByRole("button", { name: "暂停" }));
  await person.click(screen.getByRole("button", { name: "跳到 09:03:30" }));
  expect(screen.getByRole<HTMLInputElement>("slider").value).toBe("90000");
  expect(screen.getByRole("listitem", { current: "time" })).toHaveTextContent("好的");
});

test("a recording plays on where asking for it anew fails, and a finished call is not asked for by itself", async () => {
  const hub = aHub();
  const { cache, person } = render();
  await person.click(await screen.findByRole("button", { name: "播放录像" }));
  const kept = /\/(call|recordings)$/;
  const asked = () => hub.heard.filter(({ path }) => kept.test(path)).length;
  act(() => {
    window.dispatchEvent(new Event("visibilitychange"));
  });
  await screen.findByRole("group", { name: "会诊录像" });
  expect(asked()).toBe(2);
  hub.refuse("GET", CALL, 503, "UNAVAILABLE").refuse("GET", RECORDINGS, 503, "UNAVAILABLE");
  await act(() => cache.invalidateQueries({ queryKey: consults.keys.all }));
  expect(asked()).toBe(4);
  expect(screen.getByRole("group", { name: "会诊录像" })).toBeVisible();
});
