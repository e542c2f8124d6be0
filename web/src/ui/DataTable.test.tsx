import { screen, within } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { expectAccessible, renderPage } from "../testing/render.tsx";
import { onScreen } from "../testing/screen.ts";
import { DataTable, type Column } from "./DataTable.tsx";
import { EmptyState } from "./EmptyState.tsx";

interface Bed {
  readonly id: string;
  readonly free: number;
}

const BEDS: readonly Bed[] = [
  { id: "心内", free: 2 },
  { id: "神内", free: 3 },
  { id: "骨科", free: 5 },
];
const COLUMNS: readonly Column<Bed>[] = [
  { key: "ward", title: "病区", cell: (bed) => bed.id },
  { key: "free", title: "空床", cell: (bed) => bed.free, numeric: true },
];

function Beds({ rows = BEDS, onOpen }: { rows?: readonly Bed[]; onOpen: (bed: Bed) => void }) {
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <DataTable
      label="空床"
      rows={rows}
      columns={COLUMNS}
      rowKey={(bed) => bed.id}
      card={(bed) => bed.id}
      selected={selected}
      onSelect={(bed) => {
        setSelected(bed.id);
      }}
      onOpen={onOpen}
      empty={<EmptyState title="没有空床" />}
    />
  );
}

afterEach(() => {
  onScreen("desk");
});

test("arrows move from row to row, Enter opens the one with the focus", async () => {
  const onOpen = vi.fn();
  const { person } = renderPage(<Beds onOpen={onOpen} />);
  await person.tab();
  expect(screen.getByRole("row", { name: "心内 2" })).toHaveFocus();
  await person.keyboard("{ArrowDown}");
  const second = screen.getByRole("row", { name: "神内 3" });
  expect(second).toHaveFocus();
  expect(second).toHaveAttribute("aria-selected", "true");
  await person.keyboard("{Enter}");
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(BEDS[1]);
  await expectAccessible();
});

test("the whole table is one stop for Tab", async () => {
  const { person } = renderPage(<Beds onOpen={() => undefined} />);
  await person.tab();
  await person.tab();
  expect(document.body).toHaveFocus();
});

test("on a phone the rows are cards that open at a touch", async () => {
  onScreen("phone");
  const onOpen = vi.fn();
  const { person } = renderPage(<Beds onOpen={onOpen} />);
  const list = screen.getByRole("list", { name: "空床" });
  await person.click(within(list).getByRole("button", { name: "神内" }));
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(BEDS[1]);
  await expectAccessible();
});

test("without rows it says what that means", () => {
  renderPage(<Beds rows={[]} onOpen={() => undefined} />);
  expect(screen.getByText("没有空床")).toBeVisible();
});
