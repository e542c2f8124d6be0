"""What every test may ask for: real servers on free ports, the shared files, an environment without surprises."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.hub import RunningHub, running_hub
from tests.servers.orthanc import RunningOrthanc, running_orthanc
from tests.servers.postgres import PostgresServer, running_postgres

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("SHARED") or ROOT.parent / "shared").absolute()
MARKS_BY_FOLDER = {"flows": "flow", "browser": "browser", "fault": "slow", "bench": "slow"}
LONG = ("fault", "flows", "browser")  # minutes a file: begun first, so that no worker ends alone with one


def pytest_configure() -> None:
    """Forget the settings of whoever runs the tests: a hub of theirs is not ours to touch."""
    for name in [name for name in os.environ if name.startswith("LUTONG_")]:
        del os.environ[name]


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(ROOT / "tests").parts[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder, and those whose module compares with signed files; put the long files first."""
    items.sort(key=lambda item: _folder(item) not in LONG)
    for item in items:
        folder = _folder(item)
        if folder in MARKS_BY_FOLDER:
            item.add_marker(MARKS_BY_FOLDER[folder])
        if hasattr(getattr(item, "module", None), "golden"):
            item.add_marker("golden")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what was left out and why, counted by reason."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        if isinstance(report.longrepr, tuple):
            reasons[report.longrepr[2].removeprefix("Skipped: ")] += 1
    if reasons:
        terminalreporter.section("left out, and why")
        for reason, count in reasons.most_common():
            terminalreporter.line(f"{count:5d}  {reason}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real files; skip where it is not present."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the real files of ../shared/data are not here (SHARED names the folder)")
    return SHARED / "data"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Give a PostgreSQL server of this worker's own."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """Return the SQLAlchemy URL of a database of this worker's own, empty at the start of the session."""
    return postgres_server.url()


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer, request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the SQLAlchemy URL of a new, empty database, dropped after the test."""
    name = f"t{abs(hash(request.node.nodeid)):x}"
    postgres_server.sql(f"CREATE DATABASE {name}")
    yield postgres_server.url(name)
    postgres_server.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def hub() -> Iterator[RunningHub]:
    """Give a hub with the demo county that this worker's tests share; they find it as others left it."""
    with running_hub() as running:
        yield running


@pytest.fixture
def fresh_hub() -> Iterator[RunningHub]:
    """Give a hub with the demo county that nobody has touched."""
    with running_hub() as running:
        yield running


@pytest.fixture(scope="session")
def orthanc() -> Iterator[RunningOrthanc]:
    """Give an Orthanc that accepts everything; skip where it is not installed."""
    with running_orthanc() as running:
        yield running
