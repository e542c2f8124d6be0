/** The server says what may be done; these read its answer. */
import type { Command } from "./types.ts";

interface HasCommands {
  readonly commands: readonly Command[];
}

/** The command of that name, or null when the server does not offer it to this person at all. */
export function commandOf(resource: HasCommands, name: string): Command | null {
  return resource.commands.find((command) => command.name === name) ?? null;
}

export function mayRun(resource: HasCommands, name: string): boolean {
  return commandOf(resource, name)?.allowed === true;
}
