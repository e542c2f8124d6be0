"""Names: how they sound (with surnames as they are really read), how they compare, how they are masked."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product

from pypinyin import Style, pinyin

MOST_READINGS = 24  # a name of many-voiced characters is cut off here; the likeliest readings come first

# As a surname, the first reading is the one used; the others are indexed too.
SURNAMES: dict[str, tuple[str, ...]] = {
    "万俟": ("moqi",),
    "尉迟": ("yuchi",),
    "长孙": ("zhangsun",),
    "澹台": ("tantai",),
    "宰父": ("zaifu",),
    "令狐": ("linghu",),
    "夏侯": ("xiahou",),
    "皇甫": ("huangfu",),
    "鲜于": ("xianyu",),
    "单于": ("chanyu",),
    "吐谷浑": ("tuyuhun",),
    "单": ("shan", "dan"),
    "解": ("xie", "jie"),
    "仇": ("qiu", "chou"),
    "曾": ("zeng", "ceng"),
    "查": ("zha", "cha"),
    "盖": ("ge", "gai"),
    "区": ("ou", "qu"),
    "任": ("ren",),
    "华": ("hua",),
    "朴": ("piao", "pu"),
    "繁": ("po", "fan"),
    "缪": ("miao", "mou"),
    "员": ("yun", "yuan"),
    "贠": ("yun",),
    "乐": ("yue", "le"),
    "秘": ("bi", "mi"),
    "冼": ("xian",),
    "翟": ("zhai", "di"),
    "黑": ("he", "hei"),
    "折": ("she", "zhe"),
    "种": ("chong", "zhong"),
    "重": ("chong", "zhong"),
    "召": ("shao", "zhao"),
    "逄": ("pang",),
    "晟": ("cheng", "sheng"),
    "车": ("che",),
    "宁": ("ning",),
    "柏": ("bai", "bo"),
    "薄": ("bo", "bao"),
    "卜": ("bu",),
    "那": ("na",),
    "佴": ("nai",),
    "尹": ("yin",),
    "隗": ("wei", "kui"),
    "宓": ("mi", "fu"),
    "祭": ("zhai", "ji"),
    "哈": ("ha",),
    "阚": ("kan",),
    "幺": ("yao",),
    "牟": ("mu", "mou"),
    "南宫": ("nangong",),
    "呼延": ("huyan",),
    "吕": ("lv", "lyu", "lu"),
    "褚": ("chu",),
    "臧": ("zang",),
    "郗": ("xi", "chi"),
    "覃": ("qin", "tan"),
    "谌": ("chen", "shen"),
    "沈": ("shen",),
    "石": ("shi",),
    "葛": ("ge",),
    "舍": ("she",),
    "俞": ("yu",),
    "於": ("yu",),
    "洗": ("xian",),
    "撒": ("sa",),
    "纪": ("ji",),
    "费": ("fei", "bi"),
    "强": ("qiang",),
    "都": ("du",),
    "相": ("xiang",),
    "燕": ("yan",),
    "应": ("ying",),
    "句": ("gou", "ju"),
    "过": ("guo",),
    "卡": ("ka", "qia"),
}


@dataclass(frozen=True, slots=True)
class Sound:
    """How a name is read: the likeliest reading for screens, all of them and their initials for search."""

    pinyin: str
    readings: tuple[str, ...]
    initials: tuple[str, ...]


def sound(name: str) -> Sound:
    """Return a name's readings in lower-case letters without tones; words of other scripts stay whole."""
    plain = tidy(name)
    surname = _surname_of(plain)
    options: list[Sequence[str]] = [SURNAMES[surname]] if surname else []
    breaks = {1} if surname else set()  # where the written reading has a space: after the surname, between words
    for word in re.findall(r"[^\W_]+", plain[len(surname) :]):
        units = re.findall(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[^\u3400-\u9fff\U00020000-\U0003ffff]+", word)
        options += [_syllables(unit) for unit in units]
        breaks.add(len(options))
    if not surname and len(breaks) == 1 and _is_hanzi(plain):
        breaks.add(1)
    chosen = list(islice(product(*options), MOST_READINGS))
    readings = dict.fromkeys("".join(parts) for parts in chosen)
    initials = dict.fromkeys(_initials(parts, surname) for parts in chosen)
    written = "".join(p + " " * (i + 1 in breaks) for i, p in enumerate(chosen[0])) if options else ""
    return Sound(written.strip(), tuple(readings), tuple(initials))


def tidy(name: str) -> str:
    """Return a name as it is stored: NFC, one kind of middle dot, single spaces, nothing around it."""
    text = unicodedata.normalize("NFC", name)
    text = re.sub("[•‧∙・．]", "·", text)
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    return re.sub(r"\s+", " ", text).strip()


def same_name(one: str, other: str) -> bool:
    """Tell whether two spellings are one name: case, spaces, carets and middle dots aside (domain 2.11)."""
    return _folded(one) == _folded(other)


def masked_name(name: str) -> str:
    """Return a name for walls and other organizations: 马建国 -> 马*国, 马兰 -> 马*, one character -> *."""
    plain = tidy(name)
    if len(plain) <= 2:
        return plain[:1] + "*" if len(plain) == 2 else "*"
    return plain[0] + "*" * (len(plain) - 2) + plain[-1]


def _folded(name: str) -> str:
    return re.sub(r"[\s·^=,.'-]", "", tidy(name)).casefold()


def _is_hanzi(name: str) -> bool:
    return "\u3400" <= name[:1] <= "\u9fff" or name[:1] >= "\U00020000"


def _surname_of(name: str) -> str:
    known = (name[:n] for n in (3, 2, 1) if len(name) > n or len(name) == n == 1)
    return next((head for head in known if head in SURNAMES), "")


def _syllables(unit: str) -> Sequence[str]:
    if not _is_hanzi(unit):
        return [_ascii(unit)]
    readings = next(iter(pinyin(unit, style=Style.NORMAL, heteronym=True, errors="ignore")), [])
    return list(dict.fromkeys(filter(None, map(_ascii, readings)))) or [""]


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text).lower())


def _initials(parts: Sequence[str], surname: str) -> str:
    """Return first letters; a surname of several characters gives as many."""
    own = [_syllables(character)[0][:1] for character in surname[1:]]
    letters = [part[:1] for part in parts]
    return "".join(letters[:1] + own + letters[1:])
