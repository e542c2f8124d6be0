"""The description says enough for the types of web/: enumerated words, commands as one of two, one name a model."""

from collections.abc import Sequence
from typing import Any

import pytest

from server.api.endpoint import Answer, Call, Routes, View
from server.api.openapi import document
from server.api.order_view import CommandView, OfferView
from server.api.resources import endpoints


async def nothing(call: Call) -> Answer:
    """Do nothing."""
    del call
    return Answer()


def schemas_of(*answers: type[View]) -> dict[str, Any]:
    """Describe routes with these answers; return the schemas by name."""
    routes = Routes("described")
    for place, answer in enumerate(answers):
        routes.get(f"/{place}", answer=answer)(nothing)
    described: dict[str, Any] = document(routes.endpoints)["components"]["schemas"]
    return described


@pytest.mark.parametrize("answer", [CommandView, OfferView])
def test_a_command_is_allowed_or_refused_with_a_reason(answer: type[View]) -> None:
    allowed, refused = schemas_of(answer)[answer.__name__]["oneOf"]
    assert (allowed["properties"]["allowed"]["const"], allowed["required"]) == (True, ["name", "allowed"])
    assert (refused["properties"]["allowed"]["const"], refused["required"]) == (False, ["name", "allowed", "reason"])
    assert refused["properties"]["reason"] == {"type": "string"}


@pytest.mark.parametrize(
    ("model", "field", "words"),
    [
        ("OrderView", "kind", "ecg radiology imaging lab"),
        ("PlaceBody", "priority", "emergency urgent routine"),
        (
            "RoleView",
            "role",
            (
                "township-doctor technician reporting-physician reviewing-physician consultant referral-desk "
                "ward-nurse family-doctor registrar medical-affairs bureau administrator auditor"
            ),
        ),
    ],
)
def test_a_word_on_the_wire_is_an_enumeration(model: str, field: str, words: str) -> None:
    schemas = document(endpoints())["components"]["schemas"]
    name = schemas[model]["properties"][field]["$ref"].rsplit("/", 1)[-1]
    assert schemas[name]["enum"] == words.split()


def test_what_an_answer_always_carries_is_required_though_it_has_a_default() -> None:
    class Page(View):
        items: Sequence[str]
        next: str | None = None

    assert schemas_of(Page)["Page"]["required"] == ["items", "next"]


def test_two_models_of_one_name_are_refused() -> None:
    def named(field: str) -> type[View]:
        return type("TwinView", (View,), {"__annotations__": {field: str}, "__module__": f"{__name__}_{field}"})

    with pytest.raises(RuntimeError, match="two models bear one name"):
        schemas_of(named("one"), named("other"))


def test_an_answer_is_described_under_the_status_and_the_media_type_that_it_has() -> None:
    paths = document(endpoints())["paths"]
    assert "201" in paths["/api/v1/session"]["post"]["responses"]
    assert "204" in paths["/api/v1/session"]["delete"]["responses"]
    metadata = paths["/dicom-web/studies/{study}/series/{series}/metadata"]["get"]["responses"]["200"]
    assert list(metadata["content"]) == ["application/dicom+json"]
