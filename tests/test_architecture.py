"""Every gate has been red once: a violation is planted in a copy of the tree, and the gate that guards it must say so.

The copy without a violation is green, so that each refusal is for the reason it names (style.md, part 6).
"""

import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.dev import sizes
from config.dev.gates import GATES, run_gate

Plant = Callable[[str, str], Path]

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
TYPES = Path("src/api/generated/schema.d.ts")
PACKAGES = ("server", "dicom", "referral", "video")
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
RULES = {path.stem for path in (ROOT / "config" / "dev" / "rules").glob("*.yml")}

# contract id, file to spoil, line to add
IMPORTS = [
    ("domains", "dicom/errors.py", "import video"),
    ("domains", "dicom/errors.py", "import server.clock"),
    ("server", "server/clock.py", "import server.api"),
    ("server", "server/helpers.py", "X = 1"),
    ("domain", "dicom/errors.py", "import dicom.service"),
    ("domain", "dicom/helpers.py", "X = 1"),
    ("pure", "dicom/model.py", "import socket"),
    ("pure", "dicom/model.py", "import sqlalchemy"),
    ("pure", "server/workflows/__init__.py", "import logging"),
    ("stdlib", "referral/__init__.py", "import pydantic"),
    ("stdlib", "video/__init__.py", "import numpy"),
    ("wire", "server/workflows/__init__.py", "import dicom.network"),
    ("wire", "server/workflows/__init__.py", "import video.rtc"),
    ("wire-is-sans-io", "video/rtc/__init__.py", "import asyncio"),
    ("wire-is-sans-io", "dicom/network/__init__.py", "import asyncio"),
    ("adapters", "server/workflows/__init__.py", "import server.db"),
    ("sql", "server/api/__init__.py", "import sqlalchemy"),
    ("acyclic", "dicom/model.py", "import dicom.charset"),
]

# rule, file that it must reach, code that it must refuse there
HOUSE_RULES = [
    ("only-the-unit-of-work-commits", "server/workflows/planted.py", "async def f(s):\n    await s.commit()\n"),
    ("time-comes-from-the-clock", "dicom/service/planted.py", "now = datetime.now(UTC)\n"),
    ("state-moves-in-a-life-cycle", "server/api/planted.py", "row.state = body['state']\n"),
    ("state-moves-in-a-life-cycle", "server/db/repositories/planted.py", "row.state = 'final'\n"),
    ("tasks-have-an-owner", "server/listeners/planted.py", "asyncio.create_task(serve())\n"),
    ("no-silent-except", "server/tasks/planted.py", "try:\n    f()\nexcept Exception:\n    g()\n"),
    ("no-silent-except", "tests/planted.py", "try:\n    f()\nexcept Exception:\n    g()\n"),
    ("environment-is-read-in-settings", "server/cli/roles.py", "\nHOME = os.environ['HOME']\n"),
    ("no-mocks", "tests/planted.py", "from unittest.mock import Mock\n"),
    ("assert-is-for-tests", "dicom/model.py", "\nassert X\n"),
    ("loops-meet-in-one-place", "server/workflows/planted.py", "asyncio.run(f())\n"),
]

LONG_HANDLER = "async def get(request: web.Request) -> web.Response:\n" + "    f()\n" * 12
LONG_ENDPOINT = '@routes.get("/x")\nasync def get(call: Call, body: Body) -> Answer:\n' + "    f()\n" * 12
SIZES = [
    ("server/planted.py", "x = 1\n" * 401, "the file has 401 lines"),
    ("server/planted.py", "def f():\n" + "    g()\n" * 40, "function f has 41 lines"),
    ("server/api/planted.py", LONG_HANDLER, "handler get has 13 lines"),
    ("server/api/planted.py", LONG_ENDPOINT, "handler get has 13 lines"),
    ("server/decisions/9999.md", "x\n" * 61, "the file has 61 lines"),
    ("tests/planted.py", "def test_f():\n" + "    g()\n" * 40, "function test_f has 41 lines"),
]

BRANCHES = (
    "def f(x: int) -> int:\n" + "".join(f"    if x == {n}:\n        x += 1\n" for n in range(9)) + "    return x\n"
)
SMALL = [
    ("format", "server/planted.py", "x = {  'a':1 }\n", "planted.py"),
    ("lint", "server/planted.py", '"""A module."""\n\nimport math\n', "F401"),
    ("lint", "server/planted.py", '"""A module."""\n\nprint(1)\n', "T201"),
    ("lint", "dicom/planted.py", f'"""A module."""\n\n\n{BRANCHES}', "C901"),
    ("types", "server/planted.py", "def f(x):\n    return x\n", "no-untyped-def"),
    ("types", "tests/planted.py", "def f(x: int) -> str:\n    return x\n", "return-value"),
]


def spoil(tree: Path, file: str, code: str) -> None:
    """Add code at the end of a file, or lay a new one down."""
    path = tree / file
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as text:
        text.write(f"\n{code}" if path.stat().st_size else code)


def copy_tools(tree: Path) -> None:
    shutil.copytree(ROOT / "config" / "dev", tree / "config" / "dev", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "sgconfig.yml"):
        shutil.copy(ROOT / name, tree / name)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the packages and the tools as they are."""
    tree = tmp_path_factory.mktemp("whole")
    copy_tools(tree)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tree / package, ignore=lambda _, names: [n for n in names if n == "__pycache__"]
        )
    shutil.copytree(ROOT / "tests" / "golden", tree / "tests" / "golden")
    shutil.copytree(ROOT / "web" / TYPES.parent, tree / "web" / TYPES.parent)
    for name in ("openapi.json", "package.json"):
        shutil.copy(ROOT / "web" / name, tree / "web" / name)
    (tree / "web" / "node_modules").symlink_to(ROOT / "web" / "node_modules")
    (tree / ".build").symlink_to(ROOT / ".build")  # node, where set-up put it
    return tree


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Give the tools and packages of one module each: ruff and mypy need no more to show their teeth."""
    copy_tools(tmp_path)
    (tmp_path / "config" / "dev" / "generated.py").unlink()  # it imports the server's edge
    for package in (*PACKAGES, "tests"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text('"""A package."""\n', encoding="utf-8")
    return tmp_path


@pytest.fixture
def planted(whole: Path) -> Iterator[Plant]:
    """Return a function that spoils one file of the whole copy; the file is as before afterwards."""
    spoiled: list[tuple[Path, bytes | None]] = []

    def plant(file: str, code: str) -> Path:
        path = whole / file
        spoiled.append((path, path.read_bytes() if path.exists() else None))
        spoil(whole, file, code)
        return whole

    yield plant
    for path, before in spoiled:
        path.unlink() if before is None else path.write_bytes(before)


def refusal(gate: str, tree: Path) -> str:
    """Return what a gate says about a spoiled tree; it must be red."""
    verdict = run_gate(gate, tree)
    assert not verdict.passed, f"{gate} let it pass:\n{verdict.output}"
    return verdict.output


def test_every_gate_contract_and_rule_has_a_violation_planted_here() -> None:
    assert {contract for contract, _, _ in IMPORTS} == set(CONTRACTS)
    assert {rule for rule, _, _ in HOUSE_RULES} == RULES
    assert {gate for gate, _, _, _ in SMALL} | {"imports", "rules", "rule-samples", "sizes", "generated"} == set(GATES)


@pytest.mark.parametrize("gate", ["imports", "rules", "rule-samples", "sizes", "generated"])
def test_the_copy_without_a_violation_is_green(whole: Path, gate: str) -> None:
    verdict = run_gate(gate, whole)
    assert verdict.passed, verdict.output


@pytest.mark.parametrize("gate", ["format", "lint", "types"])
def test_a_small_house_without_a_violation_is_green(small: Path, gate: str) -> None:
    verdict = run_gate(gate, small)
    assert verdict.passed, verdict.output


@pytest.mark.parametrize(("contract", "file", "line"), IMPORTS)
def test_an_import_that_a_contract_forbids_is_refused(planted: Plant, contract: str, file: str, line: str) -> None:
    said = refusal("imports", planted(file, f"{line}\n"))
    assert f"{CONTRACTS[contract]} BROKEN" in said


@pytest.mark.parametrize(("rule", "file", "code"), HOUSE_RULES)
def test_code_that_a_house_rule_forbids_is_refused(planted: Plant, rule: str, file: str, code: str) -> None:
    said = refusal("rules", planted(file, code))
    assert f"error[{rule}]" in said
    assert file in said


@pytest.mark.parametrize(("file", "code", "why"), SIZES)
def test_what_is_too_long_is_refused(planted: Plant, file: str, code: str, why: str) -> None:
    assert f"{file}:{1 + code.startswith('@')}: {why}" in refusal("sizes", planted(file, code))


@pytest.mark.parametrize(("gate", "file", "code", "why"), SMALL)
def test_code_that_ruff_or_mypy_forbids_is_refused(small: Path, gate: str, file: str, code: str, why: str) -> None:
    spoil(small, file, code)
    assert why in refusal(gate, small)


@pytest.mark.parametrize(
    "file",
    [
        "web/openapi.json",
        f"web/{TYPES}",
        "server/LIFECYCLES.md",
        "tests/golden/dicom/report.txt",
        "tests/golden/referral/upward.txt",
    ],
)
def test_a_generated_file_that_is_stale_is_refused(planted: Plant, file: str) -> None:
    tree = planted(file, "draft | sneak | released | anyone | - | -\n")
    assert "is stale: run `make openapi`" in refusal("generated", tree)


def test_a_rule_that_no_longer_finds_its_samples_is_refused(small: Path) -> None:
    rule = small / "config" / "dev" / "rules" / "only-the-unit-of-work-commits.yml"
    rule.write_text(rule.read_text().replace(".commit()", ".commits()"))
    assert "[Missing] Expect rule only-the-unit-of-work-commits" in refusal("rule-samples", small)


def test_a_size_gate_with_nothing_to_check_is_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert sizes.main() == 1
