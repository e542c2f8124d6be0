/** Listens for the keys of one scope. Never while text is composed (pinyin), never in a field without Ctrl or Alt. */
import { useEffect, useRef } from "react";
import { BINDINGS, isSingle, nameOf, type CommandName, type Scope } from "./bindings.ts";
import { singleKeysOn } from "./preference.ts";

export type Handlers<S extends Scope> = Partial<Record<CommandName<S>, () => void>>;

/** The second key of two must follow within this time. */
const CHORD_MS = 1_200;

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Enter and Space belong to the control that has the focus. */
function belongsToControl(name: string, target: EventTarget | null): boolean {
  if (name !== "Enter" && name !== "Space") return false;
  return (
    target instanceof HTMLElement &&
    target.closest("button, a, tr[tabindex], [role=row], [role=button], summary") !== null
  );
}

/** A bare letter is text while somebody writes, and nobody's key when single keys are off. */
function isFree(event: KeyboardEvent, name: string): boolean {
  return !isWriting(event.target) && (singleKeysOn() || !isSingle(name));
}

function isOurs(event: KeyboardEvent, name: string): boolean {
  if (event.isComposing || event.defaultPrevented || belongsToControl(name, event.target)) return false;
  return event.ctrlKey || event.metaKey || event.altKey || isFree(event, name);
}

/** A key press, and what it completes together with the one before. */
function makeListener(scope: Scope, handlers: () => Partial<Record<string, () => void>>) {
  let first: { readonly name: string; readonly at: number } | null = null;
  return (event: KeyboardEvent) => {
    const name = nameOf(event);
    if (!isOurs(event, name)) return;
    const chord = first !== null && event.timeStamp - first.at < CHORD_MS ? `${first.name} ${name}` : null;
    first = { name, at: event.timeStamp };
    const found = BINDINGS.find((it) => it.scope === scope && (it.keys === chord || it.keys === name));
    const run = found === undefined ? undefined : handlers()[found.command];
    if (run === undefined) return;
    event.preventDefault();
    first = null;
    run();
  };
}

/** Handlers that are absent leave their keys alone. A modal dialog silences everything beneath it. */
export function useKeys<S extends Scope>(scope: S, handlers: Handlers<S>): void {
  const latest = useRef<Partial<Record<string, () => void>>>(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const listener = makeListener(scope, () =>
      document.querySelector('[aria-modal="true"]') === null ? latest.current : {},
    );
    window.addEventListener("keydown", listener);
    return () => {
      window.removeEventListener("keydown", listener);
    };
  }, [scope]);
}
