/** One typed failure for everything that can go wrong on the way to the hub, and where its words belong. */
import type { Command, FieldError } from "./types.ts";

/** The hub refused: RFC 9457 with our stable `code`. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly code: string;
  readonly detail: string | null;
  readonly errors: readonly FieldError[];
  readonly commands: readonly Command[];
  /** What else the hub said about it, by name: who holds the claim, which version it has. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(from: {
    status: number;
    code: string;
    detail?: string | undefined;
    errors?: readonly FieldError[] | undefined;
    commands?: readonly Command[] | undefined;
    facts?: Readonly<Record<string, unknown>>;
  }) {
    super(from.code);
    this.status = from.status;
    this.code = from.code;
    this.detail = from.detail ?? null;
    this.errors = from.errors ?? [];
    this.commands = from.commands ?? [];
    this.facts = from.facts ?? {};
  }
}

/** What else the hub said, as text; "" where it said nothing of that name. */
export function factOf(problem: Problem, name: string): string {
  const value = problem.facts[name];
  return typeof value === "string" ? value : "";
}

/** The hub was not reached, so nobody knows whether it acted. */
export class LineDown extends Error {
  override readonly name = "LineDown";
  constructor() {
    super("LINE_DOWN");
  }
}

/** Where a failure is shown: beside its field, as a note with a way on, or by signing in again. */
export type Place = "field" | "note" | "sign-in";

export function placeOf(failure: unknown): Place {
  if (!(failure instanceof Problem)) return "note";
  // A wrong password while signing a report is 401 too, and no reason to lock the screen.
  if (failure.code === "SIGN_IN") return "sign-in";
  return failure.errors.length > 0 ? "field" : "note";
}

/** The code to look up in the catalogue `errors.*`. */
export function codeOf(failure: unknown): string {
  return failure instanceof Problem ? failure.code : failure instanceof LineDown ? "LINE_DOWN" : "UNKNOWN";
}

/** Only what may have been the line is worth another try: never a refusal. */
export function isWorthRetrying(failure: unknown): boolean {
  return failure instanceof LineDown || (failure instanceof Problem && [502, 503, 504].includes(failure.status));
}

/** Turns an answer's body into a Problem, whatever a proxy on the way may have put there. */
export function problemFrom(status: number, body: unknown): Problem {
  const it = typeof body === "object" && body !== null ? (body as Partial<Record<string, unknown>>) : {};
  return new Problem({
    status,
    code: typeof it["code"] === "string" ? it["code"] : `HTTP_${String(status)}`,
    detail: typeof it["detail"] === "string" ? it["detail"] : undefined,
    errors: Array.isArray(it["errors"]) ? (it["errors"] as FieldError[]) : undefined,
    commands: Array.isArray(it["commands"]) ? (it["commands"] as Command[]) : undefined,
    facts: it,
  });
}
