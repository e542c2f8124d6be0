/** From what the hub sent to what the desk shows: order, clock, way, actions, columns, stream, file. */
import { describe, expect, it } from "vitest";
import { aReferral, aReferralDetail, anExplanation } from "../../testing/referrals.ts";
import { actionsOf } from "./actions.ts";
import { cardsOf, COLUMNS, entryOf } from "./columns.ts";
import { csvOf } from "./csv.ts";
import { inOrder } from "./order.ts";
import { spoken } from "./places.ts";
import { sumOf } from "./rank.ts";
import { isRinging, limitOf, stageOf } from "./stage.ts";
import { stepsOf } from "./steps.ts";
import { isSystems, timelineOf, whyOf } from "./timeline.ts";

const HELD = {
  kind: "bed",
  bed_id: "C01-CCU-03",
  label: "CCU-03",
  phone: "",
  hold_id: "h-1",
  from: "2026-11-23T00:33:00Z",
  expires_at: "2026-11-23T02:57:00Z",
} as const;

const GREEN = aReferral({
  id: "t-green",
  triage_level: 1,
  state: "bed-held",
  place: HELD,
  explanation: null,
  deadline_at: "2026-11-23T00:38:00Z",
  timeline: { sent: "2026-11-23T00:33:00Z", accepted: "2026-11-23T00:33:00Z", "bed-held": "2026-11-23T00:33:00Z" },
});

const columnOf = (name: string) => {
  const found = COLUMNS.find((column) => column.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

describe("the list", () => {
  it("keeps the rule's order, after those whom nobody of the green channel has answered", () => {
    const queue = [aReferral({ id: "second" }), aReferral({ id: "third" })];
    const held = aReferral({ id: "last", state: "bed-held", place: HELD });
    const listed = [held, aReferral({ id: "third" }), GREEN, aReferral({ id: "second" })];
    expect(inOrder(queue, listed).map(({ id }) => id)).toEqual(["t-green", "second", "third", "last"]);
  });

  it("begins with a dying patient in the bay, who waits in the queue, before a Ⅱ who has a bed", () => {
    const dying = { ...GREEN, id: "dying", state: "accepted", place: null } as const;
    const queue = [dying, aReferral({ id: "second" })];
    const listed = [{ ...GREEN, id: "ill", triage_level: 2 }, ...queue];
    expect(inOrder(queue, listed).map(({ id }) => id)).toEqual(["dying", "ill", "second"]);
  });
});

describe("the clock", () => {
  it("rings for level Ⅰ until somebody answers, then waits for the departure from that moment", () => {
    expect([isRinging(GREEN), stageOf(GREEN), limitOf(GREEN).limit_minutes]).toEqual([true, "acknowledge", 5]);
    const answered = { ...GREEN, acknowledged_at: "2026-11-23T00:36:00Z", deadline_at: "2026-11-23T01:06:00Z" };
    expect([isRinging(answered), stageOf(answered), limitOf(answered).limit_minutes]).toEqual([false, "depart", 30]);
  });

  it("never rings for a patient who goes home", () => {
    expect(isRinging({ ...GREEN, direction: "down" })).toBe(false);
  });
});

describe("the way", () => {
  it("of the green channel has the place before the answer", () => {
    const steps = stepsOf(GREEN);
    expect(steps.map(({ name, at }) => `${name} ${at}`).slice(0, 4)).toEqual([
      "sent done",
      "place done",
      "acknowledge now",
      "en-route ahead",
    ]);
  });

  it("loses a bed whose hold ran out, though it was held once", () => {
    const lost = aReferral({ state: "accepted", timeline: { sent: "x", accepted: "x", "bed-held": "x" } });
    expect(stepsOf(lost).find(({ name }) => name === "bed-held")?.at).toBe("now");
  });

  it("turns amber while the sender is asked, and stops where a ticket ends early", () => {
    expect(stepsOf(aReferral({ state: "info-needed" })).find(({ at }) => at === "returned")?.name).toBe("accepted");
    expect(stepsOf(aReferral({ state: "declined" })).map(({ name }) => name)).toEqual(["sent", "received"]);
  });
});

describe("the actions", () => {
  it("make what the ticket waits for the big one, and keep grey ones after the legal ones", () => {
    const { main, bar } = actionsOf(aReferral());
    expect(main?.name).toBe("accept");
    expect(bar.map(({ name, allowed }) => `${name} ${String(allowed)}`)).toEqual([
      "ask true",
      "redirect true",
      "decline true",
      "arrive false",
    ]);
  });

  it("offer an arrival as the next step only for who is on the way", () => {
    const commands = [{ name: "arrive", allowed: true }] as const;
    expect(actionsOf({ state: "bed-held", commands }).main).toBeNull();
    expect(actionsOf({ state: "en-route", commands }).main?.name).toBe("arrive");
  });

  it("show nothing that the hub does not offer", () => {
    expect(actionsOf({ state: "received", commands: [] })).toEqual({ main: null, bar: [], rest: [] });
  });
});

describe("a column", () => {
  it("takes a ticket by the hub's command, and names the one that stands in the way", () => {
    const ticket = aReferral();
    expect(entryOf(columnOf("accepted"), ticket)).toMatchObject({ kind: "may", command: { name: "accept" } });
    expect(entryOf(columnOf("there"), ticket)).toMatchObject({ kind: "not", command: { name: "arrive" } });
    expect(entryOf(columnOf("moving"), ticket)).toEqual({ kind: "not", command: null });
    expect(entryOf(columnOf("new"), ticket)).toEqual({ kind: "here" });
  });

  it("of those who wait for a bed stands in the rule's order, whatever their deadlines", () => {
    const late = aReferral({ id: "late", state: "accepted", deadline_at: "2026-11-23T00:00:00Z" });
    const first = aReferral({ id: "first", state: "accepted", deadline_at: "2026-11-23T09:00:00Z" });
    expect(cardsOf(columnOf("accepted"), [late, first], [first, late]).map(({ id }) => id)).toEqual(["first", "late"]);
  });
});

describe("the stream", () => {
  it("lays messages between the events, and says no message twice", () => {
    const { events } = aReferralDetail();
    const said = { id: "m-1", author: { id: "u", name: "李兰" }, organization_id: "T01", text: "已开通道" };
    const told = { ...(events[0] ?? { at: "", state: "", data: {}, actor: null }), name: "message" };
    const all = timelineOf([...events, told], [{ ...said, at: "2026-11-23T00:07:30Z" }]);
    expect(all.map(({ kind }) => kind)).toEqual(["message", "event"]);
  });

  it("shows why somebody did it, once", () => {
    const told = { at: "", state: "", actor: null, data: { reason: "无变化" } };
    expect(whyOf({ ...told, name: "retriaged" })).toBe("无变化");
    expect(whyOf({ ...told, name: "asked" })).toBe("");
    expect(whyOf({ ...told, name: "opened", data: {} })).toBe("");
  });

  it("knows what the system did in the sender's transaction", () => {
    const { events } = aReferralDetail();
    const [sent] = events;
    if (sent === undefined) throw new Error("no event");
    const bySystem = { ...sent, name: "bed-held" };
    expect([isSystems(bySystem, events), isSystems(sent, events)]).toEqual([true, false]);
    expect(isSystems({ ...sent, name: "pre-emption-proposed" }, [])).toBe(true);
  });
});

it("the sum of a place is the rule's own, or none", () => {
  expect(sumOf(anExplanation())).toEqual({ ageing: 20, priority: 0, distance: 2, score: 22 });
  expect(sumOf(anExplanation({ inputs: { level: 1 } }))).toBeNull();
});

it("a file quotes every cell and runs nothing", () => {
  expect(csvOf([["单号", '他说"来"', "=1+1"]])).toBe('\uFEFF"单号","他说""来""","\'=1+1"\r\n');
});

it("a place is named as people say it", () => {
  expect(["石门镇卫生院", "石门村卫生室", "云岭县人民医院"].map(spoken)).toEqual([
    "石门镇",
    "石门村",
    "云岭县人民医院",
  ]);
});
