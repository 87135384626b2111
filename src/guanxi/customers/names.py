"""Names of people and organisations: cleaning, surname and given name, titles, pinyin, sort keys, salutations.

A Chinese surname has readings of its own (单 Shàn, 仇 Qiú), compound surnames are one word (尉迟 Yùchí), names joined
by a dot (阿卜杜拉·买买提) have no Chinese surname, and a character that no table knows keeps its place by itself.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _
from guanxi.customers.choices import CustomerKind
from guanxi.customers.strokes import stroke_key
from guanxi.customers.surnames import ALTERNATIVES, COMPOUND, READINGS, SINGLE

LIMIT = 200
SORT_KEY_LIMIT = 255
INITIALS_LIMIT = 40
DERIVED_KEYS = ("sort_key", "initials", "stroke_key")

_DOTS = re.compile(r"[\u2022\u30fb\u2027\u2219\u22c5\uff65\uff0e\u00b7]")
# Nothing that is not seen, and nothing that turns the direction of what stands beside it.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"\s+")
_IDEOGRAPH = re.compile(
    "[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ebef\U0002ebf0-\U0002ee5f\U0002f800-\U0002fa1f"
    "\U00030000-\U000323af]"
)
_WORD = re.compile(r"[a-z0-9]+")

_TITLE_WORDS = (
    "先生 女士 小姐 太太 夫人 老师 教授 副教授 博士 医生 大夫 护士长 律师 法官 工程师 高工 会计师 董事长 副董事长 董事 总裁 副总裁 "
    "总经理 副总经理 经理 总监 副总监 主管 主任 副主任 秘书 助理 厂长 店长 老板 站长 校长 院长 副院长 所长 局长 副局长 处长 副处长 "
    "科长 副科长 部长 副部长 厅长 司长 市长 县长 镇长 乡长 村长 书记 副书记 主席 副主席 会长 秘书长 队长 班长 组长 行长 副行长 船长 "
    "机长 师傅 同志 阿姨 叔叔 大姐 大哥"
)
# Longest first, so that 总经理 is not read as 经理.
TITLES = tuple(sorted(_TITLE_WORDS.split(), key=len, reverse=True))
_SHORT_TITLES = frozenset("总工董")
_LATIN_TITLES = re.compile(r"^(mr|mrs|ms|miss|mx|dr|prof|sir|madam)\.?\s+", re.IGNORECASE)
_ORGANISATION_MARKS = re.compile(
    r"(公司|集团|工厂|总厂|分厂|商店|商行|商贸|商场|超市|酒店|宾馆|饭店|医院|诊所|学校|大学|学院|中学|小学|幼儿园|银行|支行|分行|合作社|"
    r"事务所|研究院|研究所|中心|协会|学会|基金会|委员会|办事处|工作室|经营部|门市部|个体户|政府|管理局|税务局|公安局|法院|出版社|报社)"
    r"|(?i:\b(co\.?,? ?ltd|ltd|limited|inc|llc|llp|plc|gmbh|ag|s\.?a\.?|b\.?v\.?|corp|corporation|company|group|bank|university|"
    r"holdings?|institute|foundation|association)\b\.?)"
)
_LEGAL_FORM = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|集团公司|集团|公司|合伙企业|（有限合伙）|（普通合伙）)$"
    r"|(?i:[,\s]+(co\.?,? ?ltd|limited|ltd|inc|llc|llp|plc|gmbh|ag|corp|corporation|company)\.?)$"
)


@dataclass(frozen=True)
class NameParts:
    """A name taken apart; `surname` is empty where the name has none that we can tell."""

    full: str
    surname: str
    given: str
    title: str = ""


def name_as_told(text: str) -> str:
    """What somebody calls themselves as a name: cleaned, cut where it is too long; '' where nothing of it is seen."""
    return _cleaned(text.replace("\x00", ""))[:LIMIT].strip()


def clean_name(text: str, *, limit: int = LIMIT) -> str:
    """The name as it is stored: one form for each character, no control characters, one kind of dot and space."""
    if "\x00" in text:
        raise InvalidInput(_("The name contains a character that cannot be stored."), column="name")
    name = _cleaned(text)
    if not name:
        raise InvalidInput(_("A name is needed."), column="name")
    if len(name) > limit:
        raise InvalidInput(
            _("The name has %(length)s characters; at most %(limit)s can be kept.")
            % {"length": len(name), "limit": limit},
            column="name",
        )
    return name


def _cleaned(text: str) -> str:
    """One form for each character, no control characters, one kind of dot and space."""
    name = unicodedata.normalize("NFC", text)
    name = _SPACES.sub(" ", _CONTROLS.sub("", name)).strip(" 　")
    return _DOTS.sub("·", name) if _IDEOGRAPH.search(name) else name


def looks_like_organisation(name: str) -> bool:
    """Whether a name bears the mark of an organisation (公司, Ltd, 医院 ...)."""
    return bool(_ORGANISATION_MARKS.search(unicodedata.normalize("NFKC", name)))


def without_legal_form(name: str) -> str:
    """An organisation's name without its legal form, for comparing; never empty."""
    return _LEGAL_FORM.sub("", name).strip(" ,（）()") or name


def split_title(name: str) -> tuple[str, str]:
    """A name and the title written behind (or, in Latin letters, before) it.

    王小明经理 -> 王小明, 经理; of 王经理 only the surname remains, and 王工 is taken apart only then; 王小明总 always is.
    """
    latin = _LATIN_TITLES.match(name)
    if latin and len(name) > latin.end():
        return name[latin.end() :].strip(), latin[1].rstrip(".").capitalize()
    for title in TITLES:
        rest = name[: -len(title)].rstrip(" ·")
        if name.endswith(title) and rest and surname_of(rest):
            return rest, title
    if len(name) >= 2 and name[-1] in _SHORT_TITLES and (surname := surname_of(name[:-1])):
        # 王小明总: 总 is in no given name, 工 and 董 may be.
        most = len(surname) + (2 if name[-1] == "总" else 0)
        if len(name) - 1 <= most:
            return name[:-1], name[-1]
    return name, ""


def surname_of(name: str) -> str:
    """The Chinese surname at the head of a name, or '' where there is none."""
    if "·" in name:
        return ""
    if name[:2] in COMPOUND:
        return name[:2]
    return name[:1] if name[:1] in SINGLE else ""


def split_name(name: str) -> NameParts:
    """Take a person's name apart."""
    bare, title = split_title(name)
    surname = surname_of(bare)
    if surname:
        given = bare[len(surname) :].strip()
        return NameParts(bare, surname, given, title)
    if _IDEOGRAPH.search(bare) or " " not in bare:
        return NameParts(bare, "", bare, title)
    if "," in bare:
        family, _comma, given = bare.partition(",")
        return NameParts(bare, family.strip(), given.strip(), title)
    given, _space, family = bare.rpartition(" ")
    return NameParts(bare, family, given, title)


def salutation(name: str, title: str = "", gender: str = "") -> str:
    """How a person is addressed: 尉迟女士, 王经理, Ms Carter; the whole name where no surname can be told."""
    parts = split_name(name)
    head = parts.surname or parts.full
    is_chinese = bool(_IDEOGRAPH.search(head))
    word = title or parts.title
    if not word:
        chinese = {"male": "先生", "female": "女士"}
        latin = {"male": "Mr", "female": "Ms"}
        word = (chinese if is_chinese else latin).get(gender, "")
    if not word:
        return parts.full
    if parts.title and not parts.surname:
        head = parts.full
    return f"{head}{word}" if is_chinese else f"{word} {head}"


@cache
def _lazy_pinyin() -> Callable[..., list[str]]:
    """The pinyin tables."""
    from pypinyin import lazy_pinyin  # takes 0.2 s to load

    return lazy_pinyin


@lru_cache(maxsize=50_000)
def _syllables(text: str) -> tuple[str, ...]:
    """The pinyin of a run of Chinese characters; what no table knows stands for itself."""
    return tuple(_lazy_pinyin()(text.replace("〇", "零"), errors=list))


def fold(text: str) -> str:
    """Lower case without accents and full-width forms, for comparing Latin text."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return (
        "".join(c for c in decomposed if not unicodedata.combining(c))
        .replace("ß", "ss")
        .replace("ø", "o")
        .replace("ł", "l")
    )


def _runs(text: str) -> list[tuple[bool, str]]:
    """A text cut into runs of Chinese characters (True) and of everything else (False)."""
    runs: list[tuple[bool, str]] = []
    for char in text:
        is_chinese = bool(_IDEOGRAPH.match(char))
        if runs and runs[-1][0] == is_chinese:
            runs[-1] = (is_chinese, runs[-1][1] + char)
        else:
            runs.append((is_chinese, char))
    return runs


def _reading(text: str) -> list[str]:
    """The syllables and words of a text without regard to surnames."""
    words: list[str] = []
    for is_chinese, run in _runs(text):
        if is_chinese:
            words.extend(_syllables(run))
        else:
            words.extend(_WORD.findall(fold(run)) or ([] if not run.strip(" ·,.-—'()（）&/") else [fold(run).strip()]))
    return words


def reading(name: str, kind: str = CustomerKind.PERSON) -> list[str]:
    """The syllables and words of a name, the surname read as a surname: 单田芳 -> shan tian fang."""
    surname = surname_of(name) if kind == CustomerKind.PERSON and len(_IDEOGRAPH.findall(name)) <= 6 else ""
    if kind == CustomerKind.ORGANISATION and name[1:2] == "氏":
        surname = surname_of(name)
    if not surname:
        return _reading(name)
    head = READINGS.get(surname)
    return [*(head.split() if head else _syllables(surname)), *_reading(name[len(surname) :])]


def sort_key(name: str, kind: str = CustomerKind.PERSON) -> str:
    """The key by which lists sort: pinyin for Chinese, folded letters otherwise, then the name itself."""
    words = " ".join(reading(name, kind))
    return f"{words} {name}"[:SORT_KEY_LIMIT].rstrip() if words != name else words[:SORT_KEY_LIMIT]


def initials(name: str, kind: str = CustomerKind.PERSON) -> str:
    """The first letters of the syllables and words: 尉迟敬德 -> ycjd."""
    return "".join(word[0] for word in reading(name, kind))[:INITIALS_LIMIT]


def derived_keys(name: str, kind: str = CustomerKind.PERSON) -> dict[str, str]:
    """Every stored key that follows from a name: by sound, by initials, by strokes."""
    return {"sort_key": sort_key(name, kind), "initials": initials(name, kind), "stroke_key": stroke_key(name)}


def spoken_forms(name: str, kind: str = CustomerKind.PERSON) -> list[str]:
    """Every pinyin spelling under which a name may be sought: other readings of the surname too."""
    main = reading(name, kind)
    forms = [" ".join(main)]
    surname = surname_of(name) if kind == CustomerKind.PERSON else ""
    for other in ALTERNATIVES.get(surname, ()):
        rest = main[len(other.split()) :]
        forms.append(" ".join([*other.split(), *rest]))
    plain = " ".join(_reading(name))
    if plain not in forms:
        forms.append(plain)
    return forms


def compare_key(name: str) -> str:
    """One form for equal names: folded, without dots, spaces, brackets and legal forms."""
    return re.sub(r"[\s·.,'’()（）\-—&]+", "", fold(without_legal_form(name)))
