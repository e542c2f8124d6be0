"""Runs everything that `make test` promises and ends with what failed and one line: N passed, N failed, N skipped.

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
    """How many tests ended how, and which failed."""

    passed: int = 0
    failures: tuple[str, ...] = ()
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        """Return the sum."""
        return Count(self.passed + other.passed, self.failures + other.failures, self.skipped + other.skipped)

    def of(self, code: int, part: str) -> "Count":
        """Return the count of a part that ended with this code: broken without a failed test is one failure."""
        return self if code == 0 or self.failures else self + Count(failures=(f"{part} (ended with {code})",))


def gates() -> Count:
    """Run every gate."""
    verdicts = run_gates(list(GATES), Path.cwd())
    failures = tuple(f"gate {verdict.name}" for verdict in verdicts if not verdict.passed)
    return Count(len(verdicts) - len(failures), failures)


def python_tests() -> Count:
    """Run pytest on three workers: on two cores, because half of a browser's test is waiting."""
    report = REPORTS / "pytest.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
    code = subprocess.run([*command, f"--junit-xml={report}", "--durations=10"], check=False).returncode
    return junit(report).of(code, "pytest")


def junit(report: Path) -> Count:
    """Read a JUnit report; an absent one counts nothing."""
    if not report.exists():
        return Count()
    passed, skipped, failures = 0, 0, []
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - our own pytest wrote it
        ends = {child.tag for child in case}
        if ends & {"failure", "error"}:
            failures.append(f"{case.get('classname')}::{case.get('name')}")
        elif "skipped" in ends:
            skipped += 1
        else:
            passed += 1
    return Count(passed, tuple(failures), skipped)


def npm(*arguments: str) -> int:
    """Run npm in web/ with the Node that set-up chose."""
    return subprocess.run(["npm", *arguments], cwd="web", check=False).returncode


def web_tests() -> Count:
    """Run the checks of web/ and its vitest suite."""
    if not Path("web/package.json").exists():
        return Count()
    report = (REPORTS / "vitest.json").absolute()
    count = Count()
    for name in WEB_CHECKS:
        count += Count(1) if npm("run", "--silent", name) == 0 else Count(failures=(f"web: npm run {name}",))
    code = npm("test", "--silent", "--", "--reporter=default", "--reporter=json", f"--outputFile.json={report}")
    return count + vitest(report).of(code, "vitest")


def vitest(report: Path) -> Count:
    """Read vitest's report; an absent one counts nothing."""
    if not report.exists():
        return Count()
    told = json.loads(report.read_text(encoding="utf-8"))
    tests = [test for file in told["testResults"] for test in file["assertionResults"]]
    failures = tuple(test["fullName"] for test in tests if test["status"] == "failed")
    return Count(told["numPassedTests"], failures, told["numPendingTests"])


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
    print("", *(f"FAILED {name}" for name in total.failures), *summary, sep="\n")
    print(f"{total.passed} passed, {len(total.failures)} failed, {total.skipped} skipped", flush=True)
    return 1 if total.failures or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
