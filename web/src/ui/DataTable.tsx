/**
 * Rows of one kind. A real table on the desk (rows keep their roles, so page long lists), cards on the phone.
 * The selected row is one tab stop; arrows and J K move it, Enter opens it.
 */
import { Button } from "antd";
import { useRef, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import "./table.css";
import { useScreen } from "./useScreen.ts";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  readonly numeric?: boolean;
  /** May wrap; all other cells stay on one line. */
  readonly fluid?: boolean;
  readonly width?: number;
}

interface Props<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** The phone's card: at most three lines. */
  readonly card: (row: Row) => ReactNode;
  readonly onOpen?: (row: Row) => void;
  readonly selected?: string | null;
  readonly onSelect?: (row: Row) => void;
  readonly isCritical?: (row: Row) => boolean;
  readonly density?: "compact" | "standard";
  /** Drawn instead of rows when there are none. */
  readonly empty: ReactNode;
  readonly onMore?: () => void;
}

function More({ onMore }: { onMore: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="page-pad">
      <Button onClick={onMore}>{t("ui.table.more", { count: 50 })}</Button>
    </div>
  );
}

function cardLook(critical: boolean, chosen: boolean): string {
  return `item${critical ? " item-crit" : ""}${chosen ? " item-on" : ""}`;
}

function Cards<Row>(props: Props<Row>) {
  const { rows, rowKey, card, onOpen, isCritical, selected } = props;
  return (
    <ul className="items" aria-label={props.label}>
      {rows.map((row) => {
        const key = rowKey(row);
        const look = cardLook(isCritical?.(row) === true, selected === key);
        return (
          <li key={key} data-row={key}>
            {onOpen === undefined ? (
              <div className={look}>{card(row)}</div>
            ) : (
              <button
                type="button"
                className={look}
                onClick={() => {
                  onOpen(row);
                }}
              >
                {card(row)}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Moves focus, and with it the selection, from row to row. */
function focusBeside(event: KeyboardEvent<HTMLElement>, body: HTMLTableSectionElement | null): void {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
  const step = steps[event.key];
  if (step === undefined || body === null) return;
  const rows = [...body.rows];
  const next = rows[rows.indexOf(event.currentTarget as HTMLTableRowElement) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function Row<T>({ row, table, isEntry }: { row: T; table: Props<T>; isEntry: boolean }) {
  const { rowKey, columns, selected, onSelect, onOpen, isCritical } = table;
  const body = useRef<HTMLTableRowElement>(null);
  const key = rowKey(row);
  const choosable = onSelect !== undefined || onOpen !== undefined;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === "Enter") onOpen?.(row);
    else focusBeside(event, body.current?.closest("tbody") ?? null);
  };
  const choosing = choosable
    ? {
        tabIndex: selected === key || isEntry ? 0 : -1,
        onFocus: () => onSelect?.(row),
        onClick: () => {
          if (onSelect === undefined) onOpen?.(row);
          else onSelect(row);
        },
        onDoubleClick: () => onOpen?.(row),
        onKeyDown,
        "aria-selected": selected === key,
      }
    : {};
  return (
    <tr ref={body} data-row={key} className={isCritical?.(row) ? "crit" : ""} {...choosing}>
      {columns.map((column) => (
        <td key={column.key} className={column.numeric ? "num" : column.fluid ? "fluid" : ""}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

function Rows<T>(props: Props<T>) {
  const { rows, columns, rowKey, selected, label, density = "compact" } = props;
  const known = rows.some((row) => rowKey(row) === selected);
  const choosable = props.onSelect !== undefined || props.onOpen !== undefined;
  return (
    <div className="grid-scroll">
      <table
        className={density === "standard" ? "grid grid-standard" : "grid"}
        aria-label={label}
        {...(choosable ? { role: "grid" } : {})}
      >
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.numeric ? "num" : ""}
                {...(column.width === undefined ? {} : { style: { width: column.width } })}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <Row key={rowKey(row)} row={row} table={props} isEntry={!known && at === 0} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function DataTable<T>(props: Props<T>) {
  const screen = useScreen();
  if (props.rows.length === 0) return props.empty;
  return (
    <>
      {screen === "phone" ? <Cards {...props} /> : <Rows {...props} />}
      {props.onMore !== undefined && <More onMore={props.onMore} />}
    </>
  );
}
