"""The peers of the tests really start, and really are gone afterwards."""

import asyncpg
import pytest

from tests.servers.orthanc import RunningOrthanc
from tests.servers.postgres import PostgresServer, running_postgres
from tests.servers.processes import listens


@pytest.mark.postgres
async def test_postgresql_answers_in_utf_8(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    try:
        assert await connection.fetchval("SELECT upper('李') || current_setting('server_encoding')") == "李UTF8"
    finally:
        await connection.close()


@pytest.mark.postgres
async def test_each_empty_database_is_empty(empty_postgres_url: str) -> None:
    connection = await asyncpg.connect(empty_postgres_url.replace("+asyncpg", ""))
    try:
        assert (
            await connection.fetchval("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0
        )
    finally:
        await connection.close()


@pytest.mark.postgres
def test_a_server_that_was_ended_leaves_nothing_listening() -> None:
    server: PostgresServer
    with running_postgres() as server:
        assert listens(server.port)
    assert not listens(server.port)


@pytest.mark.peer
def test_orthanc_answers_over_http_and_dicom(orthanc: RunningOrthanc) -> None:
    system = orthanc.get("/system")
    assert isinstance(system, dict)
    assert system["DicomAet"] == "ORTHANC"
    assert listens(orthanc.dicom_port)
    assert orthanc.get("/dicom-web/studies") == []
