"""What is the same and what is not: names, firms, addresses, numbers, one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.customers.duplicates import addresses, contacts, organisation_names, person_names
from guanxi.customers.duplicates.comparing import compare
from guanxi.customers.duplicates.records import Record, features
from guanxi.customers.duplicates.vocabulary import (
    BRANCH_LATIN,
    GENERATIONS,
    LEGAL_LATIN,
    LINE_OF,
    STREET_KINDS,
    STREET_KINDS_BEFORE,
    STREET_WORDS,
)
from guanxi.customers.duplicates.weights import Frequencies, key_of

KNOWN = Frequencies(20_000)


def name_likeness(one: str, other: str) -> set[str]:
    """Every way in which two names are alike."""
    return {person_names.likeness(a, b) for a in person_names.parse(one) for b in person_names.parse(other)}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("王小明", "王小明经理", "same"),
        ("張偉", "张伟", "same"),
        ("張偉明", "Zhang Weiming", "pinyin"),
        ("张伟", "Wei ZHANG", "pinyin"),
        ("王小明", "Xiao Ming Wang", "pinyin"),
        ("单田芳", "Shan Tianfang", "pinyin"),
        ("陈乐", "Chen Yue", "pinyin"),
        ("吕布", "Lyu Bu", "pinyin"),
        ("欧阳娜娜", "Nana Ouyang", "pinyin"),
        ("王小明", "X.M. Wang", "pinyin_initials"),
        ("章伟", "张伟", "same_sound"),
        ("李雷", "雷李", "swapped"),
        ("王小明", "王总", "surname"),
        ("王建国", "王建军", "given_in_part"),
        ("王建国", "王磊", "other_given"),
        ("王小明", "David Wang", "surname_other_script"),
        ("王小明 (David Wang)", "David Wang", "same"),
        ("Smith, John", "John Smith", "same"),
        ("Smith John", "John Smith", "swapped"),
        ("John Smith Jr.", "John Smith", "other_generation"),
        ("Jon Smith", "John Smith", "nickname"),
        ("J. Smith", "John Smith", "initial"),
        ("Bob Jones", "Robert Jones", "nickname"),
        ("Mary Smith", "Mary Jones", "other_surname"),
        ("James Smith", "Robert Smith", "other_given"),
        ("Christopher Andersen", "Cristopher Anderson", "similar"),
        ("François Müller", "Francois Muller", "same"),
        ("毛泽东", "Mao Tse-tung", "romanised"),
        ("谢大轩", "Ta-hsuan Tse", "romanised"),
        ("邓勇", "Yong Tang", "romanised"),
        ("司马婷", "Szema Ting", "romanised"),
        ("陈大文", "Chan Tai Man", "romanised"),
        ("陈大文", "Peter CHAN Tai-man", "romanised"),
        ("陈大文", "Chan Siu Ming", "surname_other_script"),
        ("陈大文", "Winnie Chan", "surname_other_script"),
        ("吴莹仪", "Wu Ying I", "romanised"),
        ("吴永霞", "wu2yong3xia2", "pinyin"),
        ("吴永霞", "Wu2 Yong3fang1", "other_given"),
        ("王伟", "Li Wei", "different"),
        ("刘建", "Tina Liu", "surname_other_script"),
        ("刘建", "Lina Liu", "other_given"),
        ("王宁", "王宇", "similar_shape"),
        ("王海宁", "王海宇", "similar_shape"),
        ("王海清", "王海强", "given_in_part"),
        ("王鹏", "玉鹏", "similar_shape"),
        ("李娟兰", "李娟兰总", "same"),
        ("许静文", "旭伟建筑工程 许静文", "same"),
        ("许静文", "许静文-青岛翔诺万", "same"),
        ("许静文", "许静文（苏州恒通机械有限公司）", "same"),
        ("Jon Smith", "Joan Smith", "given_in_part"),
        ("Daniel Gül", "Gül Daniela", "given_in_part"),
        ("Mario Conti", "Maria Conti", "given_in_part"),
        ("Eric Berg", "Erik Berg", "similar"),
        ("Sara Berg", "Sarah Berg", "similar"),
        ("Ange1a Galvan", "Angela Galvan", "similar"),
        ("Joanna Turner", "Joanna Tumer", "similar"),
        ("Mayte Mosquera Planas", "M. Mosquera Planas", "initial"),
        ("Pierre Dupont Martin", "M. Pierre Dupont Martin", "same"),
        ("Romy Berg", "Romy Berg II", "other_generation"),
        ("Romy Berg", "Romy Berg Sr.", "same"),
    ],
)
def test_names_of_people(one: str, other: str, found: str) -> None:
    assert found in name_likeness(one, other)
    assert found in name_likeness(other, one)


@pytest.mark.parametrize(
    "other",
    [
        "华信科技（上海）有限公司",
        "上海市华信科技股份有限公司",
        "上海華信科技集團",
        "华信科技",
        "Shanghai Huaxin Technology Co., Ltd.",
        "HUAXIN TECH (SHANGHAI) CO LTD",
        "Huaxin Keji",
    ],
)
def test_one_firm_under_many_names(other: str) -> None:
    mine = organisation_names.parse("上海华信科技有限公司")
    yours = organisation_names.parse(other)
    assert organisation_names.brand_likeness(mine, yours) in {"same", "pinyin"}
    assert mine.lines == yours.lines
    assert not mine.branch
    assert not yours.branch


@pytest.mark.parametrize(
    ("name", "branch", "numbers"),
    [
        ("上海华信科技有限公司北京分公司", "北京分公司", set()),
        ("华信科技北京分公司", "北京分公司", set()),
        ("上海华信科技有限公司（北京）分公司", "北京分公司", set()),
        ("华信科技有限公司（北京分公司）", "北京分公司", set()),
        ("北京大学深圳分校", "深圳分校", set()),
        ("中国银行上海徐汇支行", "上海徐汇支行", set()),
        ("肯德基(南京路店)", "南京路店", set()),
        ("永和豆浆第3店", "第3店", {"3"}),
        ("全聚德三店", "三店", {"3"}),
        ("Starbucks Store #12", "store", {"12"}),
        ("Tesco plc, Leeds branch", "leeds branch", set()),
        ("北京大学", "", set()),
    ],
)
def test_branches_and_numbers_are_seen(name: str, branch: str, numbers: set[str]) -> None:
    parsed = organisation_names.parse(name)
    assert (parsed.branch, set(parsed.numbers)) == (branch, numbers)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("上海市浦东新区张江路88号5号楼1203室", "上海张江路88号1203室", "same"),
        ("上海市浦东新区张江路88号5号楼1203室", "张江路88号", "same_without_room"),
        ("上海市浦东新区张江路88号1203室", "上海市浦东新区张江路88号1204室", "other_room"),
        ("上海市人民路12号", "北京市人民路12号", "different"),
        ("上海市人民路12号", "上海市人民路14号", "other_number"),
        ("浙江省杭州市西湖区文三路478号", "杭州文三路478号", "same"),
        ("山东省青岛市黄岛区中山路1075号", "中山路1075号", "same"),
        ("12 High Street, London", "12 High St., London SW1A 1AA", "same"),
        ("Flat 3, 12 High Street, London", "12 High St", "same_without_room"),
        ("184 Park Ave, Cardiff", "184 Park Avenue, Cardiff C5 9HZ", "same"),
        ("88 Zhangjiang Rd, Shanghai", "上海市张江路88号", "same"),
        ("厦门市思明区前进街380号金色新村32号楼4单元2403室", "厦门前進街380號金色新村32-4-2403", "same"),
        ("厦门市湖里区天山街400号金融中心B座401室", "厦门 湖里 天山街 400 号 金融中心 401 室", "same"),
        ("台北市大安區忠孝東路四段216巷27號5樓", "臺北市大安区忠孝东路四段216巷27号5F", "same"),
        ("台北市大安區忠孝東路四段216號", "台北市大安區忠孝東路一段216號", "other_number"),
        ("香港中環德輔道中188號12樓1203室", "中环德辅道中188号12楼1203室", "same"),
        ("18 avenue Jean Jaurès, 69007 Lyon", "18, AV. JEAN JAURÈS, Lyon", "same"),
        ("Calle Mayor, 231, 28003 Madrid", "C/ Mayor, 231, Madrid", "same"),
        ("Goethestraße 37, 87877 München", "Goethestr. 37, München", "same"),
        ("厦门市集美区泰山南路1579号绿地新村40号楼2404室", "集美区绿地新村40栋2404", "same_building"),
        ("No. 5 Victoria Embankment, London", "5 Victoria Embankment, London", "same"),
        ("141 Miller Overpass, EH9M 4GZ Simpsontown", "141 Miller Overpass", "same"),
        ("169 Vanessa Mills, Apt 25, NR3 8NY Lawson", "169 Vanessa Mills #25, Lawson", "same"),
        ("Baczyńskiego 149, 33-065 Pszczyna", "Baczyńskiego 149", "same"),
        ("No. 381 Yan'an East Road, Qingdao", "山东省青岛市崂山区延安东路381号", "same"),
        ("No. 381 East Yanan Rd., Qingdao", "青岛市延安东路381号", "same"),
    ],
)
def test_addresses(one: str, other: str, found: str) -> None:
    assert addresses.likeness(addresses.parse(one), addresses.parse(other)) == found
    assert addresses.likeness(addresses.parse(other), addresses.parse(one)) == found


def test_numbers_of_old_and_new_form_are_one() -> None:
    assert contacts.official_number("110105491231002", True) == contacts.official_number("11010519491231002X", True)
    assert contacts.official_number("350100M000100Y4", False) == contacts.official_number("91350100M000100Y43", False)
    assert contacts.official_number("GB123456789", False) == contacts.official_number("123456789", False).removeprefix(
        "ORG"
    )


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("+8613800138000", "+8613800138000", "same"),
        ("+862162781234;ext=8", "+862162781234", "same_line"),
        ("+862162781234;ext=8", "+862162781234;ext=9", "other_extension"),
        ("+862162781234", "62781234", "tail"),
        ("8659237035871", "059237035871", "same"),
        ("00445024635078", "+445024635078", "same"),
        ("+8613800138000", "+8613800318000", "similar"),
        ("+8613800138000", "+8613912345678", "different"),
    ],
)
def test_telephones(one: str, other: str, found: str) -> None:
    assert contacts.phone_likeness(one, other) == found


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("wang.xm+crm@gmail.com", "wangxm@googlemail.com", "same_account"),
        ("wang.xiaoming@qq.com", "wang.xiaoming@qq.con", "similar"),
        ("wangxiaoming1@qq.com", "wangxiaoming2@qq.com", "different"),
        ("zhou@huaxin.cn", "lin@huaxin.cn", "same_domain"),
        ("wangshi@126.com", "wangshi@163.com", "same_local_part"),
    ],
)
def test_mailboxes(one: str, other: str, found: str) -> None:
    assert contacts.email_likeness(one, other) == found


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("上海益隆软件有限公司", "上海益隆电气有限公司", "different"),
        ("银辉塑料制品有限公司", "银辉建材有限公司", "different"),
        ("银辉仪表有限公司", "银辉仪表科技有限公司", "one_missing"),
        ("银辉贸易有限公司", "银辉商贸有限公司", "same"),
        ("银辉有限公司", "银辉塑料制品有限公司", "one_missing"),
        ("江耀餐饮管理有限公司", "江耀餐饮理有限公司", "some"),
        ("Norland Logistics Ltd", "Norland Foods Ltd", "different"),
        ("Norland Pharmaceuticals Ltd", "Norland Pharma", "same"),
        ("Norland Dynamics GmbH", "Norland Dyn. GmbH", "some"),
        ("顺泰人力资源集团有限公司", "Shuntai Human Resources Co., Ltd.", "unclear"),
    ],
)
def test_lines_of_business(one: str, other: str, found: str) -> None:
    mine, yours = organisation_names.parse(one), organisation_names.parse(other)
    assert organisation_names.lines_likeness(mine, yours) == found
    assert organisation_names.lines_likeness(yours, mine) == found


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("顺泰人力资源集团有限公司", "Shanghai Shuntai Human Resources Co., Ltd.", "pinyin_head"),
        ("顺泰人力资源集团有限公司", "Kesstone Human Resources Ltd", "other_script"),
        ("顺泰人力资源集团有限公司", "Baoding Human Resources Ltd", "different"),
        ("大连江耀餐饮管理有限公司", "大连江耀餐饮理有限公司", "similar"),
        ("大连云信科技有限公司", "大连新信科技有限公司", "different"),
        ("华东建筑设计院", "华南建筑设计院", "near"),
    ],
)
def test_brands(one: str, other: str, found: str) -> None:
    mine, yours = organisation_names.parse(one), organisation_names.parse(other)
    assert organisation_names.brand_likeness(mine, yours) == found


def score(one: dict[str, object], other: dict[str, object], known: Frequencies = KNOWN) -> float:
    """How likely two records are one."""
    a, b = (features(Record(number, **values)) for number, values in enumerate((one, other)))  # type: ignore[arg-type]
    there, back = compare(a, b, known), compare(b, a, known)
    assert there.score == back.score
    return there.score


HOME = ("上海市浦东新区张江路88号5号楼1203室",)


def test_father_and_son_are_two_whatever_they_share() -> None:
    father = {"kind": "person", "name": "王建国", "addresses": HOME, "phones": ("+862162781234",)}
    assert score(father, {**father, "name": "王磊"}) < 0.1
    assert score(father, {**father, "name": "王建军"}) < 0.1
    assert score(father, {**father, "name": "王建國"}) > 0.95


def test_a_branch_is_not_its_firm() -> None:
    firm = {
        "kind": "organisation",
        "name": "上海华信科技有限公司",
        "phones": ("+862162781234",),
        "emails": ("info@hx.cn",),
    }
    for other in ("上海华信科技有限公司北京分公司", "华信科技（徐汇店）", "华信科技第2店"):
        assert score(firm, {**firm, "name": other}) < 0.1
    assert score(firm, {**firm, "name": "华信科技（上海）股份有限公司"}) > 0.95


def test_firms_of_another_line_or_another_city_are_two_whatever_they_share() -> None:
    shared = {"kind": "organisation", "phones": ("+8613800138000",), "emails": ("info@yilong.cn",), "addresses": HOME}
    firm = {**shared, "name": "上海益隆软件有限公司"}
    assert score(firm, {**shared, "name": "上海益隆电气有限公司"}) < 0.1
    assert score(firm, {**shared, "name": "杭州益隆软件有限公司"}) < 0.1
    assert score(firm, {**shared, "name": "益隆软件股份"}) > 0.95
    told = {"tax_id": "91350100M000100Y43"}
    assert score({**firm, **told}, {**shared, **told, "name": "上海益隆电气有限公司"}) > 0.5


def test_an_office_mailbox_is_the_firms_and_no_persons() -> None:
    mailbox = {"emails": ("hr@ranland.co.uk",)}
    firm = {"kind": "organisation", "name": "Ranland Dynamics LLC", **mailbox}
    assert score(firm, {"kind": "person", "name": "Ranland-Dynamics", **mailbox}) > 0.5
    assert score(firm, {"kind": "organisation", "name": "Kesstone Foods Ltd", **mailbox}) < 0.1
    one = {"kind": "person", "name": "王小明", **mailbox}
    assert score(one, {**one, "name": "李静"}) < 0.1


def test_a_mailbox_called_as_its_holder_says_little_beside_the_name() -> None:
    one = {"kind": "person", "name": "Samantha Osborne", "phones": ("+13034504889",)}
    other = {**one, "phones": ("+441132345678",)}
    named = {"emails": ("sosborne@proton.me",)}, {"emails": ("sosborne@yahoo.com",)}
    own = {"emails": ("moonlight77@proton.me",)}, {"emails": ("moonlight77@yahoo.com",)}
    assert score({**one, **named[0]}, {**other, **named[1]}) < 0.5 < score({**one, **own[0]}, {**other, **own[1]})


def test_two_numbers_of_the_state_are_two_customers() -> None:
    one = {"kind": "person", "name": "王小明", "phones": ("+8613800138000",), "tax_id": "11010519491231002X"}
    assert score(one, {**one, "tax_id": "310115198503124518"}) < 0.1
    assert score(one, {**one, "tax_id": "110105491231002"}) > 0.99
    assert score({**one, "born_on": "1985-03-12", "tax_id": ""}, {**one, "born_on": "1990-07-01", "tax_id": ""}) < 0.1


def test_a_common_name_says_less_than_a_rare_one_and_a_shared_telephone_less_than_an_own_one() -> None:
    address = {"addresses": ("上海市人民路12号",)}
    common = score({"kind": "person", "name": "张伟", **address}, {"kind": "person", "name": "张伟", **address})
    rare = score({"kind": "person", "name": "仇雨瑾", **address}, {"kind": "person", "name": "仇雨瑾", **address})
    assert rare > common
    switchboard = Frequencies(20_000, {key_of("phone", "62781234"): 40})
    one = {"kind": "person", "name": "王小明", "phones": ("+862162781234",)}
    other = {**one, "name": "王晓明"}
    assert score(one, other) > score(one, other, switchboard) + 0.3


def test_nothing_in_common_but_a_common_name_is_no_duplicate() -> None:
    one = {"kind": "person", "name": "张伟", "phones": ("+8613800138000",), "city": "上海"}
    assert score(one, {**one, "phones": ("+8613912345678",)}) < 0.2


@pytest.mark.parametrize(
    "name",
    [
        "",
        "·",
        "（）",
        "123",
        "?",
        "王",
        "a",
        "𠮷",
        "’",
        "公司",
        "有限公司",
        "第",
        "店",
        "\u200b",
        "Mr",
        "No. 5",
        "Nr",
        "a" * 5_000,
    ],
)
def test_no_text_is_too_odd_to_be_compared(name: str) -> None:
    for kind in ("person", "organisation"):
        odd = {"kind": kind, "name": name, "addresses": (name,), "emails": ("a@b.cn",), "phones": ("12345",)}
        assert 0 <= score(odd, odd) <= 1
        assert 0 <= score(odd, {"kind": kind, "name": "王小明"}) <= 1


# What the parsers look for, put together in any way: one record that cannot be read would end the search of a whole base.
PIECES = sorted(
    {*STREET_WORDS, *STREET_KINDS, *STREET_KINDS_BEFORE, *LEGAL_LATIN, *BRANCH_LATIN, *GENERATIONS, *LINE_OF}
    | set("0123456789-~/#,.()（）·'’号楼栋幢室单元层路街道弄里巷区市县省镇村店厂第一二十百甲乙王伟李小明 ")
    | {
        "公司",
        "有限",
        "集团",
        "分公司",
        "上海",
        "上海市",
        "欧阳",
        "先生",
        "总",
        "Mr",
        "Dr.",
        "M.",
        "wang2",
        "c/",
        "p.o. box",
    }
)
ODD = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map(
    lambda parts: "".join(part + " " * (len(part) > 1 and part.isascii()) for part in parts)
)


@given(ODD, ODD, ODD, ODD)
def test_nothing_that_can_be_written_ends_the_search(name: str, other: str, place: str, elsewhere: str) -> None:
    for kind in ("person", "organisation"):
        one = {"kind": kind, "name": name, "addresses": (place,), "tax_id": place[:20], "city": other[:20]}
        two = {"kind": "person", "name": other, "addresses": (elsewhere,), "tax_id": name[:20], "city": place[:20]}
        assert 0 <= score(one, two) <= 1
