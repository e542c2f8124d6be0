"""Every gate of web/ has been red once: all violations are planted in one copy, each must be named with its file."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
WEB = ROOT / "web"
PATH = os.pathsep.join((str(ROOT / ".build" / "bin"), os.environ["PATH"]))

# rule of dependency-cruiser, planted file, its text
BORDERS = [
    ("features apart", "src/reading/planted.ts", 'import "../record/index.tsx";'),
    ("modules apart", "src/viewer/view/planted.ts", 'import "../../ecg/core/index.ts";'),
    ("core is pure", "src/ecg/core/planted.ts", 'import "../../api/clock.ts";'),
    ("by the index only", "src/reading/planted2.ts", 'import "../ecg/core/paper.ts";'),
    ("the line has no screen", "src/room/link/planted.ts", 'import "../../ui/Tag.tsx";'),
    ("a feature's door", "src/app/planted.ts", 'import "../reading/planted.ts";'),
    ("below knows nothing above", "src/keys/planted.ts", 'import "../app/main.tsx";'),
    ("ui does not fetch", "src/ui/planted.ts", 'import "../api/client.ts";'),
    ("only the shell starts the stream", "src/admin/planted.ts", 'import "../live/stream.ts";'),
    ("live stands on api", "src/live/planted.ts", 'import "../ui/Tag.tsx";'),
    ("api stands alone", "src/api/planted.ts", 'import "../i18n/init.ts";'),
    ("i18n stands alone", "src/i18n/planted.ts", 'import "../api/clock.ts";'),
    ("patient is alone", "src/patient/planted.ts", 'import "../ui/Tag.tsx";'),
    ("patient is small", "src/patient/planted.ts", 'import "react";'),
    ("cornerstone is lazy", "src/viewer/view/planted2.ts", 'import "@cornerstonejs/core";'),
    ("doubles stay in tests", "src/app/planted2.ts", 'import "../testing/setup.ts";'),
    ("no cycles", "src/record/planted.ts", 'import "./planted2.ts";'),
    ("no orphans", "src/app/planted3.ts", "export const x = 1;"),
]

# rule of ESLint, planted file, its text
LINT = [
    ("i18next/no-literal-string", "src/reading/Planted.tsx", "export const Planted = () => <p>领取</p>;"),
    ("no-restricted-globals", "src/ui/planted4.ts", 'export const ask = () => fetch("/x");'),
    ("no-restricted-syntax", "src/ui/planted5.ts", "export const now = () => new Date();"),
    (
        "@typescript-eslint/no-floating-promises",
        "src/ui/planted6.ts",
        "export const f = () => { Promise.resolve(1); };",
    ),
    (
        "@typescript-eslint/switch-exhaustiveness-check",
        "src/ui/planted7.ts",
        'export function f(a: "x" | "y") { switch (a) { case "x": return 1; } return 2; }',
    ),
    ("jsx-a11y/click-events-have-key-events", "src/ui/Planted8.tsx", "export const P = () => <div onClick={focus} />;"),
    ("max-lines", "src/ui/planted9.ts", "export const x = 1;\n" + "// a line\n" * 251),
    ("max-lines-per-function", "src/ui/planted10.ts", "export function f() {\n" + "  focus();\n" * 61 + "}"),
    ("no-console", "src/ui/planted11.ts", "console.log(1);"),
]


def run(tree: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a program of web/'s own packages in a copy of it."""
    program = tree / "node_modules" / ".bin" / command[0]
    return subprocess.run(
        [str(program) if program.exists() else command[0], *command[1:]],
        cwd=tree,
        env=os.environ | {"PATH": PATH},
        capture_output=True,
        text=True,
        check=False,
    )


def plant(tree: Path, file: str, text: str) -> None:
    path = tree / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """Give a copy of web/ with the packages of the original."""
    node = shutil.which("node", path=PATH)
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout if node else "none"
    found = re.match(r"v(\d+)\.(\d+)", version)
    if found is None or (int(found[1]), int(found[2])) < (24, 15) or not (WEB / "node_modules").is_dir():
        pytest.skip("the packages of web/ and Node 24.15 are not set up (make setup)")
    tree = tmp_path / "web"
    shutil.copytree(WEB, tree, ignore=shutil.ignore_patterns("node_modules", "dist", "*.tmp.*"))
    (tree / "node_modules").symlink_to(WEB / "node_modules")
    return tree


def test_each_border_has_a_violation_planted_here() -> None:
    declared = re.findall(r'\bno\(\s*"([^"]+)"', (WEB / ".dependency-cruiser.cjs").read_text(encoding="utf-8"))
    assert {rule for rule, _, _ in BORDERS} == set(declared)


def test_each_import_over_a_border_is_named(web: Path) -> None:
    for _, file, _ in BORDERS:
        plant(web, file, "\n".join(text for _, other, text in BORDERS if other == file))
    plant(web, "src/record/planted2.ts", 'import "./planted.ts";')
    done = run(web, "depcruise", "--config", ".dependency-cruiser.cjs", "--output-type", "json", "src")
    found = {(v["rule"]["name"], v["from"]) for v in json.loads(done.stdout)["summary"]["violations"]}
    planted = {(rule, file) for rule, file, _ in BORDERS}
    assert planted - found == set()
    assert run(web, "depcruise", "--config", ".dependency-cruiser.cjs", "src").returncode != 0


def test_each_line_that_the_lint_forbids_is_named(web: Path) -> None:
    for _, file, text in LINT:
        plant(web, file, text)
    files = [file for _, file, _ in LINT]
    done = run(web, "eslint", "--max-warnings", "0", "--format", "json", *files)
    found = {
        (message["ruleId"], str(Path(told["filePath"]).relative_to(web)))
        for told in json.loads(done.stdout)
        for message in told["messages"]
    }
    assert {(rule, file) for rule, file, _ in LINT} - found == set()
    assert done.returncode != 0


def test_a_core_that_touches_the_page_is_a_type_error(web: Path) -> None:
    plant(web, "src/ecg/core/planted.ts", "export const title = document.title;")
    done = run(web, "tsc", "-p", "tsconfig.core.json", "--noEmit")
    assert re.search(r"core/planted\.ts.*Cannot find name 'document'", done.stdout)


def test_a_type_that_is_stale_is_named(web: Path) -> None:
    assert run(web, "npm", "run", "--silent", "stale").returncode == 0
    committed = (web / "src" / "api" / "generated" / "schema.d.ts").read_text(encoding="utf-8")
    plant(web, "src/api/generated/schema.d.ts", committed + "export type Sneaked = 1;")
    done = run(web, "npm", "run", "--silent", "stale")
    assert (done.returncode, "not up-to-date" in done.stderr) == (1, True)


def test_a_module_over_its_budget_is_named(web: Path) -> None:
    if not (WEB / "dist").is_dir():
        pytest.skip("web/dist is not built (make setup)")
    shutil.copytree(WEB / "dist", web / "dist")
    budgets = json.loads((web / "budgets.json").read_text(encoding="utf-8"))
    plant(web, "budgets.json", json.dumps(budgets | {"entry": {"index.html": 1}}))
    done = run(web, "node", "scripts/budgets.mjs")
    assert (done.returncode, "OVER index.html" in done.stdout) == (1, True)


def test_a_file_that_nothing_uses_and_one_badly_laid_out_are_named(web: Path) -> None:
    plant(web, "src/reading/unused.ts", "export const  x  = 1")
    assert "src/reading/unused.ts" in run(web, "knip", "--no-progress").stdout
    assert "src/reading/unused.ts" in run(web, "prettier", "--check", "src/reading").stderr
