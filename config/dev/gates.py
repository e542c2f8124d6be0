"""The gates in one table: `make check` and `make test` run them, tests/test_architecture.py turns each red once.

`gates.py [NAME…]` runs all of them, or those named; the output of a gate is shown when it fails.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
SOURCES = ("server", "dicom", "referral", "video", "tests", "config/dev")

GATES: dict[str, tuple[str, ...]] = {
    "types": ("mypy",),
    "format": ("ruff", "format", "--check", "--quiet", *SOURCES),
    "lint": ("ruff", "check", "--quiet", *SOURCES),
    "imports": ("lint-imports", "--no-logo", "--no-cache"),
    "rules": ("ast-grep", "scan"),
    "rule-samples": ("ast-grep", "test", "--skip-snapshot-tests"),
    "sizes": ("python", "-m", "config.dev.sizes"),
    "generated": ("python", "-m", "config.dev.generated", "check"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one gate said, and how long it took in seconds."""

    name: str
    passed: bool
    output: str
    seconds: float


def run_gate(name: str, tree: Path) -> Verdict:
    """Run one gate on a tree; it is red when its program ends with another code than 0."""
    program, *arguments = GATES[name]
    started = time.monotonic()
    done = subprocess.run([str(BIN / program), *arguments], cwd=tree, capture_output=True, text=True, check=False)
    return Verdict(name, done.returncode == 0, done.stdout + done.stderr, time.monotonic() - started)


def run_gates(names: Sequence[str], tree: Path) -> list[Verdict]:
    """Run gates two at a time (mypy takes as long as the others together) and print each verdict."""
    with ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(lambda name: run_gate(name, tree), names))
    for verdict in verdicts:
        print(f"{'ok    ' if verdict.passed else 'FAILED'} {verdict.name:<13}{verdict.seconds:6.1f} s", flush=True)
        if not verdict.passed:
            print(verdict.output, flush=True)
    return verdicts


def main() -> int:
    """Run the gates named on the command line, or all."""
    unknown = [name for name in sys.argv[1:] if name not in GATES]
    if unknown:
        print(f"no such gate: {', '.join(unknown)}; there are {', '.join(GATES)}")
        return 2
    verdicts = run_gates(sys.argv[1:] or list(GATES), Path.cwd())
    return 0 if all(verdict.passed for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
