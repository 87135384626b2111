"""How a text gets wrong: beside the key, read by a machine, in full width; and how a name is spelt."""

import random

from pypinyin import Style, pinyin

KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
READ_AS = {
    "0": "O", "O": "0", "1": "l", "l": "1", "I": "l", "5": "S", "S": "5", "8": "B", "B": "8", "rn": "m", "m": "rn", "cl": "d", "2": "Z",
    "末": "未", "明": "朋", "土": "士", "大": "太", "天": "夫", "王": "玉", "千": "干", "日": "曰", "人": "入", "晴": "睛",
    "文": "丈", "永": "水", "伟": "佛", "陈": "阵", "林": "材", "李": "季", "建": "健", "泽": "择", "梓": "样", "洁": "沽", "微": "徽", "治": "冶",
    "晟": "晨", "铭": "铬", "骏": "俊", "弘": "弛", "锐": "悦", "翔": "翊", "凌": "浚", "泓": "弘", "沛": "沐", "曜": "耀", "辰": "晨", "毅": "殻",
}  # fmt: skip
DIGIT_READ_AS = {"8": "3", "3": "8", "1": "7", "7": "1", "6": "5", "0": "6", "5": "6", "9": "4", "4": "9", "2": "7"}
SPOKEN = {
    "zh": "ch",
    "ch": "ch",
    "sh": "sh",
    "b": "p",
    "d": "t",
    "g": "k",
    "j": "ch",
    "q": "ch",
    "x": "hs",
    "r": "j",
    "z": "ts",
    "c": "ts",
}
WHOLE = {
    "zi": "tzu", "ci": "tzu", "si": "szu", "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "ge": "ko", "ke": "ko", "he": "ho",
    "you": "yu", "yan": "yen", "ye": "yeh", "yue": "yueh", "yi": "i", "er": "erh", "gui": "kuei", "kui": "kuei", "yong": "yung", "guo": "kuo",
    "huo": "huo", "shuo": "shuo", "rong": "jung",
}  # fmt: skip


def beside_the_key(lot: random.Random, text: str) -> str:
    """One letter or digit replaced by its neighbour on the keyboard, or struck twice, or two in the wrong order."""
    places = [place for place, char in enumerate(text) if any(char.lower() in row for row in KEYS)]
    if len(places) < 3:
        return text
    place = lot.choice(places[1:])
    char, how = text[place], lot.random()
    if how < 0.25:
        return text[:place] + char + text[place:]
    if how < 0.45 and text[place - 1] != char and place - 1 in places:
        return text[: place - 1] + char + text[place - 1] + text[place + 1 :]
    row = next(row for row in KEYS if char.lower() in row)
    at = row.index(char.lower())
    other = row[at + 1] if at + 1 < len(row) and (at == 0 or lot.random() < 0.5) else row[at - 1]
    return text[:place] + (other.upper() if char.isupper() else other) + text[place + 1 :]


def read_by_machine(lot: random.Random, text: str) -> str:
    """One sign taken for another of its shape; the same text where none has one."""
    found = [(place, shape) for shape in READ_AS for place in range(len(text)) if text.startswith(shape, place)]
    found = [(place, shape) for place, shape in found if place]
    if not found:
        return text
    place, shape = lot.choice(found)
    return text[:place] + READ_AS[shape] + text[place + len(shape) :]


def digit_misread(lot: random.Random, text: str) -> str:
    """One of the last digits taken for another of its shape."""
    places = [place for place, char in enumerate(text) if char.isdigit()][-6:]
    place = lot.choice(places)
    return text[:place] + DIGIT_READ_AS[text[place]] + text[place + 1 :]


def full_width(text: str) -> str:
    """Each sign as wide as a Chinese character."""
    return "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else "\u3000" if char == " " else char for char in text
    )


def syllables(text: str, *, tones: str = "") -> list[str]:
    """The pinyin of each character; `tones` is "marks" or "numbers"."""
    style = {"marks": Style.TONE, "numbers": Style.TONE3, "": Style.NORMAL}[tones]
    return [found[0] for found in pinyin(text, style=style)]


def wade_giles(syllable: str) -> str:
    """A syllable of pinyin as passports of Taiwan write it."""
    if syllable in WHOLE:
        return WHOLE[syllable]
    initial = next((start for start in ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw") if syllable.startswith(start)), "")
    rest = syllable[len(initial) :]
    if rest == "ong":
        rest = "ung"
    elif rest == "ian":
        rest = "ien"
    elif rest == "uo":
        rest = "o"
    elif rest in {"ie", "ue"}:
        rest += "h"
    elif rest == "iong":
        rest = "iung"
    return SPOKEN.get(initial, initial) + rest
