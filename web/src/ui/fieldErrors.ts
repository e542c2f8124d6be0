/** Lays the hub's field errors onto a form: a JSON pointer becomes the path of Ant Design's field. */
import type { FormInstance } from "antd";
import { Problem } from "../api/problems.ts";

type Path = (string | number)[];

/** `/identifiers/0/value` → `["identifiers", 0, "value"]`. */
export function pathOf(pointer: string): Path {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** Puts each error beside its field; the words come from the caller's catalogue, by code. */
export function layOnFields(
  form: FormInstance,
  failure: unknown,
  words: (code: string, detail: string) => string,
): void {
  if (!(failure instanceof Problem)) return;
  form.setFields(
    failure.errors.map(({ pointer, code, detail }) => ({
      name: pathOf(pointer),
      errors: [words(code, detail ?? code)],
    })),
  );
}
