/** A table as a file for a spreadsheet: UTF-8 with a mark, every cell quoted, and no cell that a program would run. */
const MARK = "\uFEFF";
const RUNS = /^[=+\-@\t\r]/;

function cell(text: string): string {
  const harmless = RUNS.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

export function csvOf(rows: readonly (readonly string[])[]): string {
  return MARK + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}
