"""Passwords that are guessed early: habits put together from few pieces, worked out here rather than listed.

A password is refused when it can be taken apart into few pieces that everybody tries: walks over the keyboard, runs
and repetitions, years and dates, numbers with a meaning (520, 1314, 888), frequent words, and the pinyin of what
people here like to write (surnames, 我爱你, 密码). The longer and the stranger, the more pieces; a sentence passes.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ENOUGH = 3.5
LONGEST = 128
_ROWS = ("`1234567890-=", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./")
_MEANINGFUL = (
    "520",
    "521",
    "1314",
    "5201314",
    "1314520",
    "5211314",
    "88",
    "66",
    "99",
    "168",
    "518",
    "1688",
    "110",
    "007",
)
_PHRASES = [
    "我爱你",
    "爱你",
    "我爱",
    "爱我",
    "我的",
    "你好",
    "密码",
    "宝贝",
    "老婆",
    "老公",
    "妈妈",
    "爸爸",
    "家",
    "朋友",
    "中国",
    "北京",
    "上海",
    "广州",
    "深圳",
    "天津",
    "重庆",
    "成都",
    "杭州",
    "武汉",
    "南京",
    "西安",
    "公司",
    "客户",
    "客服",
    "关系",
    "管理",
    "管理员",
    "测试",
    "登录",
    "用户",
    "欢迎",
    "发财",
    "恭喜",
    "恭喜发财",
    "平安",
    "幸福",
    "快乐",
    "生日",
    "生日快乐",
    "天使",
    "公主",
    "王子",
    "大神",
    "一生",
    "一世",
    "一辈子",
    "永远",
    "加油",
    "工作",
    "学习",
    "春天",
    "夏天",
    "秋天",
    "冬天",
    "新年",
    "大家",
    "世界",
]
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪"
    "廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤"
)
_GIVEN = (
    "伟芳娜敏静秀丽强磊洋艳勇军杰涛明超兰霞平刚桂英华玉红梅鑫波宁龙林峰建国文斌辉玲婷雪倩琳佳欣宇浩然晨阳子涵轩梓一诺"
)
_LOOKALIKE = str.maketrans("@$0!|3", "aso1ie")


def _walks() -> str:
    """Every straight way over the keyboard, both ways: along the rows and down the slanted columns."""
    columns = ["".join(row[at] for row in _ROWS if at < len(row)) for at in range(12)]
    columns = [column.lstrip("`-=[]\\;',./") for column in columns]
    shifted = ["".join(row[at + 1] if n == 0 else row[at] for n, row in enumerate(_ROWS)) for at in range(10)]
    lines = [*_ROWS, *columns, *shifted, "".join(columns), "".join(shifted), "abcdefghijklmnopqrstuvwxyz", "0123456789"]
    return "\n".join([*lines, *(line[::-1] for line in lines)])


@lru_cache(maxsize=1)
def _pieces() -> tuple[str, dict[str, float]]:
    """The walks, and what each known piece counts; worked out when a password is first set."""
    from pypinyin import lazy_pinyin  # reads its dictionary: half a second

    words: dict[str, float] = dict.fromkeys((w for w in CommonPasswordValidator().passwords if len(w) >= 4), 2.0)
    words.update(dict.fromkeys(_MEANINGFUL, 1.0))
    for phrase in (*_PHRASES, *_SURNAMES, *_GIVEN):
        syllables = lazy_pinyin(phrase)
        words["".join(syllables)] = 1.0
    for phrase in _PHRASES:
        if len(phrase) > 1:
            words["".join(syllable[0] for syllable in lazy_pinyin(phrase))] = 1.0
    words.update(dict.fromkeys(("guanxi", "admin", "root", "password", "passw0rd", "mima"), 1.0))
    return _walks(), words


_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"(?:19|20)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_SIGNS = re.compile(r"[\W_]{1,3}")
_REPEATED = re.compile(r"(.{1,12}?)\1+", re.DOTALL)
_OVER_AND_OVER = re.compile(r"(.{1,32}?)\1+", re.DOTALL)
_MOST = 24


def _cost(piece: str, walks: str, words: dict[str, float]) -> float | None:
    """What one piece counts; None where nothing is known of it."""
    if len(piece) == 1:
        return 0.5 if not piece.isalnum() else 1.0
    if len(piece) >= 3 and piece in walks:
        return 1.0
    found = _REPEATED.fullmatch(piece)
    if found:
        inner = _cost(found[1], walks, words)
        return 1.0 if inner is None else max(1.0, inner)
    if _YEAR.fullmatch(piece) or _DATE.fullmatch(piece):
        return 1.0
    if _SIGNS.fullmatch(piece):
        return 0.5
    return words.get(piece)


def effort(password: str) -> float:
    """How many pieces a guesser has to put together; infinite for what none of them makes up."""
    walks, words = _pieces()
    plain = unicodedata.normalize("NFKC", password).casefold()[:LONGEST]
    return min(_least(text, walks, words) for text in {plain, plain.translate(_LOOKALIKE)})


def _least(text: str, walks: str, words: dict[str, float]) -> float:
    """The fewest pieces that make up a text; one repeated over and over is no longer than twice."""
    whole = _OVER_AND_OVER.fullmatch(text)
    text = whole[1] * 2 if whole else text
    least = [0.0] + [float("inf")] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - _MOST), end):
            cost = _cost(text[start:end], walks, words)
            if cost is not None:
                least[end] = min(least[end], least[start] + cost)
    return least[-1]


class GuessableValidator:
    """Refuses what is put together from a few pieces that everybody tries."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where it is guessed early."""
        if len(password) <= LONGEST and effort(password) <= ENOUGH:
            raise ValidationError(
                _(
                    "This password is put together from parts that are guessed first; a sentence of several words is safer."
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("No keyboard walks, dates, names with years or other things that are guessed first.")


class LengthValidator:
    """Refuses what is longer than any password needs to be."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where it is too long."""
        if len(password) > LONGEST:
            raise ValidationError(
                _("A password has at most %(count)d characters.") % {"count": LONGEST}, code="password_too_long"
            )

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("At most %(count)d characters.") % {"count": LONGEST}
