"""Names: surnames, titles, pinyin, sort keys, what is refused."""

import csv

import pytest

from guanxi.core.errors import ConfigurationError, InvalidInput
from guanxi.customers import names, strokes
from guanxi.customers.choices import CustomerKind


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("单田芳", "shan tian fang"),
        ("查良镛", "zha liang yong"),
        ("仇英", "qiu ying"),
        ("解晓东", "xie xiao dong"),
        ("曾国藩", "zeng guo fan"),
        ("区楚良", "ou chu liang"),
        ("朴树", "piao shu"),
        ("翟天临", "zhai tian lin"),
        ("尉迟敬德", "yu chi jing de"),
        ("令狐冲", "ling hu chong"),
        ("万俟卨", "mo qi xie"),
        ("澹台灭明", "tan tai mie ming"),
        ("欧阳修", "ou yang xiu"),
        ("阿卜杜拉·买买提", "a bo du la mai mai ti"),
        ("王䶮", "wang yan"),
        ("Jürgen Müller", "jurgen muller"),
        ("马云 Jack", "ma yun jack"),
    ],
)
def test_a_person_is_sorted_by_how_the_name_is_read(name, expected):
    assert " ".join(names.reading(name)) == expected
    assert names.sort_key(name).startswith(expected)


def test_a_surname_reading_does_not_touch_the_same_character_elsewhere():
    assert names.reading("王单") == ["wang", "dan"]
    assert names.reading("简单咨询有限公司", CustomerKind.ORGANISATION)[:2] == ["jian", "dan"]
    assert names.reading("单氏集团", CustomerKind.ORGANISATION)[0] == "shan"


def test_phrases_give_organisations_their_reading():
    reading = names.reading("重庆银行", CustomerKind.ORGANISATION)
    assert reading == ["chong", "qing", "yin", "hang"]


def test_initials():
    assert names.initials("尉迟敬德") == "ycjd"
    assert names.initials("Anna Maria Lund") == "aml"


def test_a_second_reading_of_a_surname_is_a_spoken_form_too():
    forms = names.spoken_forms("覃海洋")
    assert forms[0] == "qin hai yang"
    assert "tan hai yang" in forms


def test_characters_without_a_reading_keep_their_place():
    key = names.sort_key("王\U000323af")
    assert key.startswith("wang \U000323af")


@pytest.mark.parametrize(
    ("name", "surname", "given", "title"),
    [
        ("王小明经理", "王", "小明", "经理"),
        ("王总", "王", "", "总"),
        ("王小明总", "王", "小明", "总"),
        ("王小工", "王", "小工", ""),
        ("张三先生", "张", "三", "先生"),
        ("尉迟敬德", "尉迟", "敬德", ""),
        ("Dr. Ada Lovelace", "Lovelace", "Ada", "Dr"),
        ("Müller, Jürgen", "Müller", "Jürgen", ""),
        ("阿卜杜拉·买买提", "", "阿卜杜拉·买买提", ""),
    ],
)
def test_names_are_taken_apart(name, surname, given, title):
    parts = names.split_name(name)
    assert (parts.surname, parts.given, parts.title) == (surname, given, title)


@pytest.mark.parametrize(
    ("name", "title", "gender", "expected"),
    [
        ("尉迟琳", "", "female", "尉迟女士"),
        ("王小明", "经理", "", "王经理"),
        ("Ada Lovelace", "", "female", "Ms Lovelace"),
        ("王总", "", "female", "王总"),
        ("阿依古丽·买买提", "", "female", "阿依古丽·买买提女士"),
        ("李雷", "", "", "李雷"),
    ],
)
def test_salutations(name, title, gender, expected):
    assert names.salutation(name, title, gender) == expected


def test_cleaning_makes_one_form():
    assert names.clean_name("  阿卜杜拉•买买提　") == "阿卜杜拉·买买提"
    assert names.clean_name("Cafe\u0301  Noir") == "Café Noir"
    assert names.clean_name("evil\u202etxt.exe") == "eviltxt.exe"
    assert names.clean_name("🎉 派对 شركة") == "🎉 派对 شركة"


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "a\x00b", "长" * 10_000])
def test_what_cannot_be_a_name_is_refused(name):
    with pytest.raises(InvalidInput):
        names.clean_name(name)


def test_organisations_are_told_by_their_suffix():
    assert names.looks_like_organisation("上海某某贸易有限公司")
    assert names.looks_like_organisation("ACME Ltd.")
    assert not names.looks_like_organisation("司马光")
    assert names.without_legal_form("上海某某贸易有限公司") == "上海某某贸易"
    assert names.compare_key("ACME, Ltd") == names.compare_key("Acme")


@pytest.mark.full
def test_every_surname_and_name_of_the_public_lists_has_a_reading(public_data):
    folder = public_data("zh_names/family_names.csv", whole=True).path.parent
    surnames = [row["NameB"] for row in csv.DictReader((folder / "family_names.csv").open(encoding="utf-8"))]
    common = surnames[:300]
    assert [s for s in common if names.surname_of(s + "明") != s] == []
    people = (folder / "ancient_names.txt").read_text(encoding="utf-8").split()
    companies = (folder / "company_short.txt").read_text(encoding="utf-8").split()
    for name in people:
        key = names.sort_key(names.clean_name(name))
        assert key.split()[0].isascii() or not names.reading(name)[0].isascii()
    unread = [n for n in people if not all(word.isascii() for word in names.reading(n))]
    assert len(unread) / len(people) < 0.002
    for name in companies:
        assert names.sort_key(names.clean_name(name), CustomerKind.ORGANISATION)
    # The rest are monks and Manchu and Mongol nobles, who are known by a given name alone.
    with_surname = [n for n in people if names.surname_of(n)]
    assert len(with_surname) / len(people) > 0.92


def test_strokes_order_names_as_a_register_does():
    written = ["龙五", "王小明", "丁一", "Ada Lovelace", "阿卜杜拉·买买提", "李雷", "王一", "单田芳", "一品公司", "王\U000323af", "王䶮"]  # fmt: skip
    ordered = sorted(written, key=names.stroke_key)
    assert ordered == ["一品公司", "丁一", "王一", "王小明", "王䶮", "王\U000323af", "龙五", "李雷", "单田芳", "阿卜杜拉·买买提", "Ada Lovelace"]  # fmt: skip
    assert [strokes.strokes_of(name[0]) for name in ("一", "丁", "王", "龙", "李", "单")] == [1, 2, 4, 5, 7, 8]
    assert strokes.strokes_of("A") is None


def test_a_stroke_key_is_short_and_plain_for_chinese_whatever_the_name():
    for name in ("上海" * 100, "Ж" * 200, "🎉派对", "·", "\U000323af" * 50):
        assert len(names.stroke_key(name)) <= strokes.KEY_LIMIT
    assert names.stroke_key("阿卜杜拉·买买提") == names.stroke_key("阿卜杜拉买买提")
    assert names.stroke_key("王小明").isascii()


def test_without_the_built_order_one_is_told_how_to_make_it(monkeypatch, tmp_path):
    strokes._tables.cache_clear()
    monkeypatch.setattr(strokes, "files", lambda _package: tmp_path)
    try:
        with pytest.raises(ConfigurationError, match="build_frontend"):
            names.stroke_key("王")
    finally:
        strokes._tables.cache_clear()


@pytest.mark.parametrize(
    ("character", "block"),
    [("\u4dbf", "A"), ("\u9fff", "URO"), ("\U0002a6df", "B"), ("\U0002b739", "C"), ("\U0002b81d", "D"),
     ("\U0002cea1", "E"), ("\U0002ebe0", "F"), ("\U000313ab", "G"), ("\U000323af", "H")],
)  # fmt: skip
def test_characters_of_every_block_of_gb18030_2022_are_names(character, block):
    name = names.clean_name(f"张{character}")
    assert name == f"张{character}"
    assert names.split_name(name).given == character
    assert len(names.reading(name)) == 2
    assert len(names.stroke_key(name)) == 6
