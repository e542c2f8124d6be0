"""What holds for every route: nobody unknown enters, answers are guarded, a retry acts once, events resume."""

import asyncio
import json
import re
from typing import Any

import pytest

from dicom.errors import DicomRefusal
from dicom.events import Event
from referral.errors import ReferralRefusal
from server.accounts.errors import AccountRefusal
from server.api import problems
from server.api.events import FEED
from server.api.resources import endpoints
from server.patients.errors import PatientRefusal
from tests.builders.county import County
from video.errors import VideoRefusal


def concrete(path: str) -> str:
    """Return a path with something in every hole."""
    return re.sub(r"\{[^}]*\}", "x", path)


async def test_every_route_that_is_not_public_refuses_who_has_not_signed_in(here: County) -> None:
    for endpoint in (e for e in endpoints() if not e.public):
        answer = await here.client.request(endpoint.method, concrete(endpoint.path))
        assert answer.status == 401, endpoint.route
        if endpoint.path.startswith("/fhir"):
            assert (await answer.json(content_type=None))["resourceType"] == "OperationOutcome", endpoint.route
        elif endpoint.method != "HEAD":
            assert (await answer.json(content_type=None))["code"] == "SIGN_IN", endpoint.route


async def test_a_forged_token_is_no_token(here: County) -> None:
    for token in ("", "x", "eyJhbGciOiJub25lIn0.e30.", "a" * 5000):
        answer = await here.client.get("/api/v1/patients", headers={"Authorization": f"Bearer {token}"})
        assert answer.status == 401, token[:20]


def test_at_most_twelve_routes_are_public() -> None:
    assert len([e for e in endpoints() if e.public]) <= 12


async def test_every_answer_carries_the_guarding_headers(here: County) -> None:
    for path in ("/", "/healthz", "/api/v1/patients", "/no/such/page", "/api/v1/none"):
        answer = await here.client.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["X-Frame-Options"] == "DENY", path
        policy = answer.headers["Content-Security-Policy"]
        assert "'unsafe-eval'" not in policy, path
        assert "script-src 'self'" in policy, path
        assert "unsafe-inline" not in policy.split("style-src-attr")[0], path


async def test_the_pages_style_nonce_is_new_each_time_and_the_policy_names_it(here: County) -> None:
    nonces = set()
    for _ in range(2):
        answer = await here.client.get("/")
        nonces.add(re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[0])
    assert len(nonces) == 2


@pytest.mark.parametrize(
    "path", ["/assets/..%2f..%2f..%2fpyproject.toml", "/%2e%2e/pyproject.toml", "/a%00b", "/..\\x"]
)
async def test_paths_that_lead_elsewhere_give_no_file(here: County, path: str) -> None:
    answer = await here.client.get(path)
    assert "[project]" not in await answer.text()
    assert answer.status in {200, 400, 404}


async def test_an_unknown_field_is_refused_and_pointed_at(here: County) -> None:
    lan = await here.sign_in("lilan")
    status, problem = await lan.post("/api/v1/patients", {"name": "甲", "role": "administrator"})
    assert (status, problem["code"]) == (400, "MALFORMED")
    assert "/role" in {e["pointer"] for e in problem["errors"]}


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b"null", b'"text"'])
async def test_a_body_that_is_no_object_is_malformed_and_nothing_worse(here: County, body: bytes) -> None:
    lan = await here.sign_in("lilan")
    answer = await here.client.post(
        "/api/v1/patients",
        data=body,
        headers=lan.headers | {"Idempotency-Key": "k", "Content-Type": "application/json"},
    )
    assert answer.status == 400


async def test_creating_needs_a_key_and_a_retry_with_it_acts_once(here: County) -> None:
    lan = await here.sign_in("lilan")
    body = {"name": "苏文", "sex": "female", "birth_date": "1990-01-02", "identifiers": [], "provisional": True}
    without = await here.client.post("/api/v1/patients", json=body, headers=lan.headers)
    assert (await without.json(content_type=None))["code"] == "KEY_REQUIRED"
    answers = []
    for _ in range(2):
        answer = await here.client.post("/api/v1/patients", json=body, headers=lan.headers | {"Idempotency-Key": "one"})
        answers.append((answer.status, await answer.json()))
    assert answers[0] == answers[1]
    other = await here.client.post(
        "/api/v1/patients", json=body | {"name": "苏武"}, headers=lan.headers | {"Idempotency-Key": "one"}
    )
    assert (other.status, (await other.json(content_type=None))["code"]) == (422, "KEY_REUSED")


def every_refusal(base: type[Exception]) -> list[type[Exception]]:
    """Return a class and everything below it."""
    return [base, *(deeper for child in base.__subclasses__() for deeper in every_refusal(child))]


def test_every_refusal_has_its_own_row_in_the_table_of_statuses() -> None:
    roots: tuple[type[Exception], ...] = (DicomRefusal, AccountRefusal, PatientRefusal, ReferralRefusal, VideoRefusal)
    missing = [c.__name__ for root in roots for c in every_refusal(root) if c not in problems.STATUS]
    assert missing == []


async def read_events(stream: Any, wanted: int) -> list[dict[str, str]]:
    """Read server-sent events until so many have come, heartbeats aside."""
    found: list[dict[str, str]] = []
    block: dict[str, str] = {}
    while len(found) < wanted:
        line = (await asyncio.wait_for(stream.content.readline(), 10)).decode().rstrip("\n")
        name, _, value = line.partition(": ")
        if line:
            block[name] = value
            continue
        if block.get("event", "heartbeat") != "heartbeat":
            found.append(block)
        block = {}
    return found


async def happen(here: County, subject: str, *audience: str) -> None:
    """Let something happen to an order."""
    async with here.hub.unit_of_work() as uow:
        uow.publish(Event("reading-orders", "claimed", subject, 3, "claimed", audience, audience[0]))


async def test_a_stream_tells_what_concerns_the_caller_and_resumes_where_it_broke(here: County) -> None:
    lan = await here.sign_in("lilan")
    feed = asyncio.create_task(here.client.app[FEED].run())
    await asyncio.sleep(0.2)
    async with here.client.get("/api/v1/events", headers=lan.headers) as stream:
        await happen(here, "theirs", "T02")
        await happen(here, "ours", "T01", "C01")
        (first,) = await read_events(stream, 1)
    assert first["event"] == "reading-orders.claimed"
    assert json.loads(first["data"]) == {
        "type": "reading-orders.claimed",
        "id": "ours",
        "version": 3,
        "state": "claimed",
        "organization": "T01",
    }
    await happen(here, "missed", "T01")
    async with here.client.get("/api/v1/events", headers=lan.headers | {"Last-Event-ID": first["id"]}) as stream:
        (again,) = await read_events(stream, 1)
    assert json.loads(again["data"])["id"] == "missed"
    feed.cancel()
    await asyncio.gather(feed, return_exceptions=True)


async def test_the_description_covers_every_route_and_names_the_problem(here: County) -> None:
    document = await (await here.client.get("/api/openapi.json")).json()
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    declared = {(e.method, re.sub(r"\{(\w+):[^}]*\}", r"{\1}", e.path)) for e in endpoints() if e.tag != "site"}
    assert described == declared
    assert document["openapi"] == "3.1.0"
    assert "Problem" in document["components"]["schemas"]
