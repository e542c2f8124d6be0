"""The locked dependencies: the versions that people run are those that the tests run, and none is under the GPL."""

import json
import re
from importlib.metadata import metadata, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REQUIREMENTS = ROOT / "config" / "requirements"
NODE_LOCKS = (ROOT / "web" / "package-lock.json", REQUIREMENTS / "fonts" / "package-lock.json")
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^\s;]+)(?: \\)?$", re.MULTILINE)  # not those of another platform
COPYLEFT = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
LESSER = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((REQUIREMENTS / name).read_text(encoding="utf-8")))


def licences(package: str) -> list[str]:
    told = metadata(package)
    classifiers = [line for line in told.get_all("Classifier", []) if line.startswith("License ::")]
    short = [told[name] for name in ("License-Expression", "License") if name in told and "\n" not in told[name]]
    return [*classifiers, *short]


def test_the_tests_run_on_the_versions_that_people_run() -> None:
    runtime, development = pins("runtime.txt"), pins("dev.txt")
    assert runtime.items() <= development.items()


def test_what_is_installed_is_what_is_locked() -> None:
    assert {name: version(name) for name in pins("dev.txt")} == pins("dev.txt")


@pytest.mark.parametrize("lock", ["runtime.txt", "dev.txt", "web.txt"])
def test_every_locked_package_has_a_hash_and_no_address(lock: str) -> None:
    text = (REQUIREMENTS / lock).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text)
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)
    assert "://" not in text


def test_no_dependency_of_the_hub_is_under_the_gpl() -> None:
    found = {name: told for name in pins("runtime.txt") for told in licences(name) if COPYLEFT.search(told)}
    assert {name: told for name, told in found.items() if not LESSER.search(told)} == {}


@pytest.mark.parametrize("lock", NODE_LOCKS, ids=lambda path: path.parent.name)
def test_every_locked_package_of_node_is_free_and_has_a_hash_and_no_address(lock: Path) -> None:
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    del packages[""]
    assert [name for name, told in packages.items() if COPYLEFT.search(str(told.get("license")))] == []
    assert [name for name, told in packages.items() if "integrity" not in told or "resolved" in told] == []
