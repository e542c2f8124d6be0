"""Runs everything that `make test` promises and ends with one line that counts it: N passed, N failed, N skipped.

A gate and each of the web's checks count as one test. The reports lie in .build/test.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

sys.path.insert(0, str(Path.cwd()))

from config.dev.gates import GATES, run_gates

REPORTS = Path(".build/test")
WEB_CHECKS = ("check",)


@dataclass(frozen=True, slots=True)
class Count:
    """How many tests ended how."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        """Return the sum."""
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


def gates() -> Count:
    """Run every gate."""
    verdicts = run_gates(list(GATES), Path.cwd())
    passed = sum(verdict.passed for verdict in verdicts)
    return Count(passed, len(verdicts) - passed)


def python_tests() -> Count:
    """Run pytest on three workers: on two cores, because half of a browser's test is waiting.

    A run that broke without a failed test counts as one failure.
    """
    report = REPORTS / "pytest.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
    code = subprocess.run([*command, f"--junit-xml={report}", "--durations=10"], check=False).returncode
    count = junit(report)
    return count if code == 0 or count.failed else count + Count(failed=1)


def junit(report: Path) -> Count:
    """Read a JUnit report; an absent one counts nothing."""
    if not report.exists():
        return Count()
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 - our own pytest wrote it
    total = Count()
    for suite in suites:
        number = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
        failed = number["failures"] + number["errors"]
        total += Count(number["tests"] - failed - number["skipped"], failed, number["skipped"])
    return total


def npm(*arguments: str) -> int:
    """Run npm in web/ with the Node that set-up chose."""
    return subprocess.run(["npm", *arguments], cwd="web", check=False).returncode


def web_tests() -> Count:
    """Run the checks of web/ and its vitest suite."""
    if not Path("web/package.json").exists():
        return Count()
    report = (REPORTS / "vitest.json").absolute()
    checked = [npm("run", "--silent", name) == 0 for name in WEB_CHECKS]
    code = npm("test", "--silent", "--", "--reporter=default", "--reporter=json", f"--outputFile.json={report}")
    count = Count(sum(checked), len(checked) - sum(checked))
    if report.exists():
        told = json.loads(report.read_text(encoding="utf-8"))
        count += Count(told["numPassedTests"], told["numFailedTests"], told["numPendingTests"])
    return count if code == 0 or count.failed else count + Count(failed=1)


def main() -> int:
    """Run all parts, whatever fails before; 1 when anything failed or nothing ran."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    for old in REPORTS.glob("*.*"):
        old.unlink()
    os.environ["PATH"] = os.pathsep.join((str(Path(".build/bin").absolute()), os.environ["PATH"]))
    total, summary = Count(), []
    for name, part in (("gates", gates), ("python", python_tests), ("web", web_tests)):
        started = time.monotonic()
        count = part()
        total += count
        summary.append(f"{name:<7} {count.passed:5d} passed {time.monotonic() - started:6.0f} s")
    print("", *summary, sep="\n")
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped", flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
