"""What is made from the code and committed beside it: `write` lays it down, `check` is red when it is stale.

The REST description comes from the declared endpoints, and the types of web/ from the description; the diagrams of the
life cycles, and what the screens know of them, come from the signed tables under tests/golden, which a test compares
with the code. The generator of the types is a package of web/ (`npm run generate` there names it with its
options) and asks no network.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

SIGNED = Path("tests/golden")
TYPES = Path("web/src/api/generated/schema.d.ts")
NODE = Path(".build/bin")  # where set-up puts node and npm
COLUMNS = ["from", "event", "to", "who", "guard", "deadline"]


def openapi() -> str:
    """Return the OpenAPI description of the REST interface."""
    from server.api.openapi import document_json  # noqa: PLC0415 - the diagrams need no server
    from server.api.resources import endpoints  # noqa: PLC0415

    return document_json(endpoints())


def moves(table: Path) -> Iterator[tuple[str, str, str]]:
    """Read the moves (from, event, to) of a signed table; one that stays where it is names its own state."""
    for line in table.read_text(encoding="utf-8").splitlines()[1:]:
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == len(COLUMNS):
            yield cells[0], cells[1], cells[0] if cells[2].startswith("(") else cells[2]


def is_life_cycle(table: Path) -> bool:
    """Tell a transition table from other signed files by its header."""
    first = table.read_text(encoding="utf-8").partition("\n")[0]
    return [cell.strip() for cell in first.split("|")] == COLUMNS


def titled(table: Path) -> str:
    """Return the heading of a table: its name, with its folder's where that says what moves (`Upward referral`)."""
    words = [table.stem.replace("-", " "), *(folder for folder in table.parts[-2:-1] if folder == "referral")]
    return " ".join(words).capitalize()


def diagram(table: Path) -> str:
    """Draw a signed table as a Mermaid state diagram; events between the same two states share an arrow."""
    arrows: dict[tuple[str, str], dict[str, None]] = {}
    for start, event, end in moves(table):  # two rows of one move, for different people, are one arrow
        arrows.setdefault((start, end), {})[event] = None
    names = sorted({name for arrow in arrows for name in arrow})
    lines = [f'    state "{name}" as {name.replace("-", "_")}' for name in names if "-" in name]
    lines += [
        f"    {start.replace('-', '_')} --> {end.replace('-', '_')}: {', '.join(events)}"
        for (start, end), events in arrows.items()
    ]
    title = titled(table)
    return "\n".join([f"## {title}", "", "```mermaid", "stateDiagram-v2", *lines, "```", ""])


def diagrams() -> str:
    """Return the page with a diagram for each signed life cycle."""
    tables = [table for table in sorted(SIGNED.rglob("*.txt")) if is_life_cycle(table)]
    head = (
        "# Life cycles\n\nDrawn by `make openapi` from the tables under `tests/golden`; "
        "who may, guards and deadlines stand there.\n"
    )
    return "\n".join([head, *(diagram(table) for table in tables)])


STARTS = """/** From which states each command starts: made by `make openapi` from tests/golden; nobody edits it. */
"""


def starts() -> str:
    """Return for the screens from which states each command on a ticket starts: why a greyed one has to wait."""
    parts = [STARTS]
    for table in sorted((SIGNED / "referral").glob("*.txt")):
        if not is_life_cycle(table):
            continue
        found: dict[str, dict[str, None]] = {}
        for start, event, _ in moves(table):
            found.setdefault(event, {})[start] = None
        lines = [f"  {json.dumps(event)}: {json.dumps([*states])}," for event, states in sorted(found.items())]
        name = table.stem.upper().replace("-", "_")
        parts.append("\n".join([f"export const {name}_STARTS = {{", *lines, "} as const;", ""]))
    return "\n".join(parts)


GENERATED: dict[Path, Callable[[], str]] = {
    Path("web/openapi.json"): openapi,
    Path("server/LIFECYCLES.md"): diagrams,
    Path("web/src/api/generated/starts.ts"): starts,
}


def write() -> int:
    """Lay every generated file down, then let web/ make its types from the description."""
    for path, render in GENERATED.items():
        path.write_text(render(), encoding="utf-8")
        print(f"wrote {path}")
    code, said = types("generate")
    print(f"wrote {TYPES}" if code == 0 else said)
    return code


def types(script: str) -> tuple[int, str]:
    """Run a script of web/ that makes or compares its types; return its exit code and what it said."""
    if not Path("web/node_modules").is_dir():
        return 1, f"{TYPES} needs the packages of web/: run `make setup`"
    path = os.pathsep.join((str(NODE.absolute()), os.environ.get("PATH", "")))
    done = subprocess.run(
        ["npm", "run", "--silent", script],
        cwd="web", env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def check() -> int:
    """Name the generated files that differ from what the code says now."""
    stale = [
        path for path, render in GENERATED.items() if not path.exists() or path.read_text(encoding="utf-8") != render()
    ]
    for path in stale:
        print(f"{path} is stale: run `make openapi` and commit it")
    code, said = types("stale")
    if code:
        print(said, f"{TYPES} is stale: run `make openapi` and commit it", sep="\n")
    return 1 if stale or code else 0


if __name__ == "__main__":
    sys.exit(write() if sys.argv[1:] == ["write"] else check())
