"""What is wrong with a field of a request, in Chinese first: pydantic knows English alone."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

# By the beginning of pydantic's error type; the longest that fits is taken. `{…}` comes from the error's context.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "必填",
        "extra_forbidden": "没有这一项",
        "string_too_short": "至少 {min_length} 个字",
        "string_too_long": "最多 {max_length} 个字",
        "string_pattern_mismatch": "写法不对",
        "string": "要填文字",
        "int": "要填整数",
        "float": "要填数字",
        "decimal": "要填数字",
        "finite_number": "要填数字",
        "bool": "要填是或否",
        "greater_than_equal": "不能小于 {ge}",
        "greater_than": "要大于 {gt}",
        "less_than_equal": "不能大于 {le}",
        "less_than": "要小于 {lt}",
        "enum": "只能是 {expected}",
        "literal_error": "只能是 {expected}",
        "too_short": "至少 {min_length} 项",
        "too_long": "最多 {max_length} 项",
        "timezone": "时间要带时区",
        "datetime": "要填日期和时间",
        "date": "要填日期",
        "time": "要填时间",
        "list": "要填一列",
        "tuple": "要填一列",
        "dict": "要填一组",
        "model": "要填一组",
    }
)
OTHERS = "写得不对"


def words_of(error: Mapping[str, Any]) -> str:
    """Return the words of one of pydantic's errors: `必填 (Field required)`."""
    kind = str(error["type"])
    known = max((begin for begin in WORDS if kind.startswith(begin)), key=len, default="")
    more = {name: _shown(value) for name, value in error.get("ctx", {}).items()}
    return f"{WORDS.get(known, OTHERS).format_map(more)} ({error['msg']})"


def _shown(value: object) -> str:
    """Return a limit or a choice as a sentence in Chinese has it: no tail of zeros, no English `or`."""
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).replace(" or ", "、").replace(", ", "、")
