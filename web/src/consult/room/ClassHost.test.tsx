/** Whoever teaches: sees how many look on, sends them out, and looks at a picture before a class does. */
import { act, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { aConsult } from "../../testing/consults.ts";
import { FakeSocket, line, welcome, withoutNetwork } from "../../testing/peers.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { aRoom, aSeat, LI, PATIENT, ZHAO } from "../../testing/room.ts";
import { StaffSession } from "../../room/link/index.ts";
import { Bands } from "./Bands.tsx";
import { meIn, RoomContext, useCall } from "./context.ts";
import { Doubt } from "./Doubt.tsx";
import { PeoplePane } from "./PeoplePane.tsx";

const HE = aSeat({ id: "s-he", user_id: "helin", name: "何林", role: "observer", hand: true });
const CLASS = aRoom({ teaching: true, seats: [ZHAO, LI, PATIENT, HE], may: [...aRoom().may, "close-class"] });

function Room({ session }: { session: StaffSession }) {
  const call = useCall(session);
  if (call.stage.at !== "inside") return null;
  const { room } = call.stage;
  return (
    <RoomContext value={{ session, call, room, me: meIn(room), consult: aConsult(), phone: "" }}>
      <Bands />
      <PeoplePane />
      <Doubt />
    </RoomContext>
  );
}

beforeEach(() => {
  withoutNetwork();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function teaching() {
  let keys = 0;
  const newKey = () => `k-${String((keys += 1))}`;
  const session = new StaffSession({ address: "ws://hub/signal", microphone: null, camera: null, newKey });
  const view = renderPage(<Room session={session} />);
  act(() => {
    session.start();
    line().open();
    welcome(line());
    line().say({ type: "room", room: CLASS });
  });
  expect(FakeSocket.opened.length).toBeGreaterThan(0);
  return { ...view, session };
}

test("the host sees how many look on and who asks, sends all out, and ends it after a question", async () => {
  const { person } = teaching();
  expect(screen.getByText(/教学旁听开着，1 人在看/)).toBeVisible();
  expect(screen.getByText("何林 举手")).toBeVisible();
  const looking = within(screen.getByRole("region", { name: "旁听 1 人" }));
  expect(looking.getByText("何林")).toBeVisible();
  expect(looking.queryByLabelText("话筒关着")).toBeNull();
  await expectAccessible();
  await person.click(looking.getByRole("button", { name: "请旁听的都出去" }));
  expect(line().last("remove")).toMatchObject({ seat: "class" });
  await person.click(screen.getByRole("button", { name: "结束旁听" }));
  expect(line().last("close-class")).toBeUndefined();
  await person.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "结束旁听" }));
  expect(line().last("close-class")).toBeDefined();
});

test("a picture that may bear a name is looked at before the class sees it", async () => {
  const { person, session } = teaching();
  act(() => {
    session.show({ kind: "study", study_uid: "1.2" });
  });
  const asked = line().last("view") as { id: number } | undefined;
  await act(async () => {
    line().say({ type: "error", id: asked?.id, code: "BURNED_IN", detail: "图上可能印着病人的姓名" });
    await Promise.resolve();
  });
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText(/请从头到尾看一遍/)).toBeInTheDocument();
  await person.click(dialog.getByRole("button", { name: "看过了，没有姓名" }));
  await vi.waitFor(() => {
    expect(line().last("view")).toMatchObject({ view: { study_uid: "1.2", checked: true } });
  });
});
