"""What is wrong with a field is said in Chinese first, in English behind it."""

from collections.abc import AsyncIterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import AwareDatetime, Field, ValidationError

from server.api.endpoint import Body
from server.api.field_words import OTHERS, words_of
from tests.builders.reading_house import House, reading_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with reading_house(tmp_path) as running:
        yield running


class Colour(StrEnum):
    RED = "red"


class Everything(Body):
    """One field of each sort that our bodies have."""

    words: str = Field(default="", min_length=2, max_length=3, pattern="^[a-z]*$")
    count: int = Field(default=1, ge=1, le=9)
    share: float = Field(default=1, gt=0, lt=1)
    yes: bool = True
    at: AwareDatetime | None = None
    day: date | None = None
    colour: Colour = Colour.RED
    way: Literal["up", "down"] = "up"
    several: list[str] = Field(default=[], min_length=1, max_length=2)
    more: dict[str, str] = Field(default={})
    inner: "Everything | None" = None


def said(**fields: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        Everything.model_validate(fields)
    return [words_of(error) for error in refused.value.errors(include_url=False)]


@pytest.mark.parametrize(
    ("field", "value", "zh"),
    [
        ("words", "a", "至少 2 个字"),
        ("words", "abcd", "最多 3 个字"),
        ("words", "ABC", "写法不对"),
        ("words", 5, "要填文字"),
        ("count", "many", "要填整数"),
        ("count", 1.5, "要填整数"),
        ("count", 0, "不能小于 1"),
        ("count", 10, "不能大于 9"),
        ("share", "half", "要填数字"),
        ("share", 0, "要大于 0"),
        ("share", 1, "要小于 1"),
        ("yes", "maybe", "要填是或否"),
        ("at", "2026-11-23T08:00:00", "时间要带时区"),
        ("at", "morning", "要填日期和时间"),
        ("day", "2026-02-30", "要填日期"),
        ("colour", "blue", "只能是 'red'"),
        ("way", "left", "只能是 'up'、'down'"),
        ("several", [], "至少 1 项"),
        ("several", ["a", "b", "c"], "最多 2 项"),
        ("several", "abc", "要填一列"),
        ("more", 5, "要填一组"),
        ("inner", 5, "要填一组"),
        ("unknown", 5, "没有这一项"),
    ],
)
def test_what_is_wrong_is_said_in_chinese_first(field: str, value: Any, zh: str) -> None:
    (words,) = said(**{field: value})
    assert words.startswith(f"{zh} ("), words


def test_what_nobody_translated_is_wrong_all_the_same() -> None:
    assert (
        words_of({"type": "is_instance_of", "msg": "Input should be a thing"}) == f"{OTHERS} (Input should be a thing)"
    )


async def test_a_malformed_request_names_its_fields_in_chinese(house: House) -> None:
    refused = await house.call("lilan", "POST", "/api/v1/referrals", {"direction": "sideways"})
    assert (refused.status, refused.code) == (400, "MALFORMED")
    details = {error["pointer"]: error["detail"] for error in refused.body["errors"]}
    assert details["/patient_id"] == "必填 (Field required)"
    assert details["/direction"].startswith("只能是 ")
