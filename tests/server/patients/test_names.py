"""Names: read as their bearers read them, compared as people compare them, masked for walls."""

import pytest

from server.patients.names import masked_name, same_name, sound, tidy


@pytest.mark.parametrize(
    ("name", "reading", "initials"),
    [
        ("马建国", "ma jianguo", "mjg"),
        ("单雄信", "shan xiongxin", "sxx"),
        ("解小东", "xie xiaodong", "xxd"),
        ("仇英", "qiu ying", "qy"),
        ("曾国藩", "zeng guofan", "zgf"),
        ("查良镛", "zha liangyong", "zly"),
        ("盖叫天", "ge jiaotian", "gjt"),
        ("区向阳", "ou xiangyang", "oxy"),
        ("任我行", "ren woxing", "rwx"),
        ("华小兰", "hua xiaolan", "hxl"),
        ("朴永浩", "piao yonghao", "pyh"),
        ("尉迟恭", "yuchi gong", "ycg"),
        ("万俟卨", "moqi xie", "mqx"),
        ("吕布", "lv bu", "lb"),
        ("阿卜杜拉·买买提", "abodula maimaiti", "abdlmmt"),
        ("Müller Hans", "muller hans", "mh"),
    ],
)
def test_a_name_is_read_as_its_bearer_reads_it(name: str, reading: str, initials: str) -> None:
    heard = sound(name)
    assert heard.pinyin == reading
    assert heard.initials[0] == initials
    assert heard.readings[0] == reading.replace(" ", "")


def test_every_reading_of_a_surname_can_be_searched() -> None:
    assert {"shanxiongxin", "danxiongxin"} <= set(sound("单雄信").readings)
    assert {"lvbu", "lyubu", "lubu"} == set(sound("吕布").readings)


def test_a_name_of_many_voiced_characters_stays_small() -> None:
    assert len(sound("曾和重阳乐行单").readings) <= 24


@pytest.mark.parametrize("odd", ["", "   ", "·", "😀", "\u0000\u202e", "-"])
def test_what_has_no_sound_breaks_nothing(odd: str) -> None:
    assert sound(odd).pinyin == ""


def test_control_and_direction_characters_are_dropped() -> None:
    assert tidy("  马\u202e建\u0007国\t ") == "马建国"


def test_spellings_of_one_name_are_one() -> None:
    assert same_name("阿卜杜拉·买买提", "阿卜杜拉•买买提")
    assert same_name("Zhang^San", "zhang san")
    assert same_name("马 建国", "马建国")
    assert not same_name("马建国", "马建军")


@pytest.mark.parametrize(("name", "shown"), [("马建国", "马*国"), ("马兰", "马*"), ("马", "*"), ("欧阳晓晓", "欧**晓")])
def test_walls_show_masked_names(name: str, shown: str) -> None:
    assert masked_name(name) == shown
