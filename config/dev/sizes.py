"""The size gate: files of at most 400 lines, functions of 40, HTTP handlers of 12 (style.md parts 5 and 6).

A function's docstring does not count, a documented one shall not be shorter; everything else between `def` and its
last line does. A handler is what `server/api` declares as an endpoint (`@routes.get(…)` and its like) or what takes
a request alone; what wraps handlers stands inside another function and is none.
Decisions have 60 lines, the Makefile 80.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOTS = ("server", "dicom", "referral", "video", "tests", "config/dev")
FILE, FUNCTION, HANDLER = 400, 40, 12
FROZEN = Path("server/db/migrations/versions")  # revisions are written by Alembic and never edited after a release
TEXTS = {"server/decisions/*.md": 60, "Makefile": 80}

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def code_lines(node: FunctionNode) -> int:
    """Return the lines from `def` to the last one, without the docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def is_handler(node: FunctionNode, path: Path) -> bool:
    """Tell whether the function answers an HTTP request."""
    if path.parts[:2] != ("server", "api") or not isinstance(node, ast.AsyncFunctionDef):
        return False
    declared = any("routes." in ast.unparse(decorator) for decorator in node.decorator_list)
    first = node.args.args[0].annotation if len(node.args.args) == 1 else None
    return declared or (first is not None and ast.unparse(first).endswith("Request"))


def too_long(path: Path, allowed: int) -> Iterator[str]:
    """Name a file with more lines than allowed."""
    length = len(path.read_text(encoding="utf-8").splitlines())
    if length > allowed:
        yield f"{path}:1: the file has {length} lines, {allowed} are allowed"


def violations(path: Path) -> Iterator[str]:
    """Name what is too long in one Python file, as `path:line: why`."""
    yield from too_long(path, FILE)
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, filename=str(path))
    top = set(tree.body).union(*(node.body for node in tree.body if isinstance(node, ast.ClassDef)))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            allowed = HANDLER if node in top and is_handler(node, path) else FUNCTION
            lines = code_lines(node)
            if lines > allowed:
                what = "handler" if allowed == HANDLER else "function"
                yield f"{path}:{node.lineno}: {what} {node.name} has {lines} lines, {allowed} are allowed"


def main() -> int:
    """Check the tree in the current folder; 1 when something is too long or there is nothing to check."""
    listed = (file for root in ROOTS for file in Path(root).rglob("*.py"))
    files = sorted(file for file in listed if not file.is_relative_to(FROZEN))
    found = [line for file in files for line in violations(file)]
    found += [line for glob, limit in TEXTS.items() for text in Path().glob(glob) for line in too_long(text, limit)]
    print("\n".join(found) or f"{len(files)} files checked")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())
