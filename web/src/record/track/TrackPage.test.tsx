/** From a study that was sent a question can be asked about it, by whoever asks questions. */
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { OrderDetail } from "../../api/types.ts";
import { anOrder, WANGKE } from "../../testing/builders.ts";
import { fakeHub } from "../../testing/hub.ts";
import { expectAccessible, renderPage } from "../../testing/render.tsx";
import { TrackPage } from "./TrackPage.tsx";

const AT = { at: "/track/o-1", path: "/track/:order" };
const sent = (of: Partial<OrderDetail> = {}) => ({
  ...anOrder(of),
  events: [],
  contact: { name: "心电诊断中心", phone: "" },
  ...of,
});

test("a township's doctor asks for a consult from the study's page, and the study goes along", async () => {
  fakeHub().answer("GET", "/api/v1/reading-orders/{id}", sent());
  const { person, router } = renderPage(<TrackPage />, AT);
  await person.click(await screen.findByRole("button", { name: "申请会诊" }));
  await waitFor(() => {
    expect(router.state.location.pathname + router.state.location.search).toBe("/consults/new?study=1.2.3");
  });
});

test("nobody asks about pictures that have not come, or that are nobody's", async () => {
  const hub = fakeHub().answer("GET", "/api/v1/reading-orders/{id}", sent({ study_uid: null }));
  const { unmount } = renderPage(<TrackPage />, AT);
  await screen.findByText("ECG-2611-0387", { exact: false });
  expect(screen.queryByRole("button", { name: "申请会诊" })).not.toBeInTheDocument();
  await expectAccessible();
  unmount();
  hub.answer("GET", "/api/v1/reading-orders/{id}", sent());
  renderPage(<TrackPage />, { ...AT, user: WANGKE });
  await screen.findByText("ECG-2611-0387", { exact: false });
  expect(screen.queryByRole("button", { name: "申请会诊" })).not.toBeInTheDocument();
});
