"""Older and southern spellings of Chinese names: Wade-Giles, as in Taiwan, and the surnames of Hong Kong and beyond.

Mao Tse-tung is 毛泽东 and Chan is 陈. Both sides are folded to a coarse form in which the spellings meet; what several
sounds share in the older spelling (ch for zh, ch, j and q, without its apostrophe) they share here as well.
"""

import re
from functools import lru_cache

# Surnames as Cantonese, Hokkien and Teochew speakers write them; those that pinyin gives are not repeated.
_SOUTHERN = """
陈 chan tan chen tran|李 lee|张 cheung chang teo teoh cheong|王 wong ong heng|黄 wong ng ooi wee|林 lam lim|刘 lau low liew|吴 ng goh|
梁 leung leong neo|何 ho|郑 cheng tay teh|谢 tse cheah chia|罗 law lo loh|许 hui hsu koh khoo|杨 yeung yang yeo yong|周 chow chau chew|
叶 yip yap|朱 chu choo|胡 wu woo aw|郭 kwok kuok kwek quek|冯 fung foong|邓 tang teng|曾 tsang chan|彭 pang phang|蔡 choi tsai chua chuah|
潘 poon pun phua|蒋 tseung chiang chiu|余 yu yee|于 yu|苏 so soh|徐 tsui chui hsu|孙 suen sun|马 ma mah|高 ko kou|萧 siu siew|肖 siu siew|
吕 lui loo lu|沈 shum sham sim|卢 lo loo lu|姚 yiu yeow|钟 chung cheong|傅 fu foo|谭 tam tham|廖 liu liew liaw|范 fan fang|汪 wong|陆 luk loke|
金 kam chin|石 shek|戴 tai|贾 ka chia|韦 wai|夏 ha|邱 yau khoo chiu|丘 yau|方 fong png|侯 hau|邹 chow chau|熊 hung|孟 mang|秦 chun chin|
白 pak peh|江 kong kang chiang|阎 yim yen|薛 sit hsueh|尹 wan yin|段 tuen|雷 lui loi|赵 chiu chao|唐 tong|韩 hon|曹 tso tsao|宋 sung soong|
姜 keung chiang|崔 tsui|杜 to tu|魏 ngai wei|丁 ting|任 yam jen|程 ching|袁 yuen|董 tung|田 tin|莫 mok|麦 mak|伍 ng|关 kwan|区 au|欧 au|
甘 kam|简 kan|黎 lai|赖 lai|温 wan|翁 yung ang|游 yau|严 yim|庄 chong chuang|古 koo|顾 koo ku|倪 ngai|洪 hung ang|龚 kung|司徒 szeto seto|
欧阳 auyeung auyong ouyang|司马 szema|上官 sheungkoon|诸葛 chukot|孔 hung kung|岑 shum sum|冼 sin|霍 fok|容 yung|招 chiu|植 chik|文 man|
易 yik|骆 lok|钱 chin chien|殷 yan|毛 mo mao|万 man wan|涂 to tu|施 see sze shih|连 lin lien|詹 chim|利 lee lei|柯 or o kua|纪 kei chi
"""
SOUTHERN: dict[str, frozenset[str]] = {}
for _entry in _SOUTHERN.replace("\n", "").split("|"):
    _surname, *_spellings = _entry.split()
    SOUTHERN[_surname] = frozenset(_spellings)

# Every syllable of pinyin: an initial (- for none) and the finals it takes.
_PINYIN = """
- a ai an ang ao e ei en er o ou|b a ai an ang ao ei en eng i ian iao ie in ing o u|c a ai an ang ao e en eng i ong ou
u uan ui un uo|ch a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo|d a ai an ang ao e ei eng i ia ian iao
ie ing iu ong ou u uan ui un uo|f a an ang ei en eng o ou u|g a ai an ang ao e ei en eng ong ou u ua uai uan uang ui
un uo|h a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo|j i ia ian iang iao ie in ing iong iu u uan ue
un|k a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo|l a ai an ang ao e ei en eng i ia ian iang iao ie in
ing iu o ong ou u uan un uo v ve ue|m a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u|n a ai an ang ao e ei
en eng i ian iang iao ie in ing iu ong ou u uan uo v ve ue|p a ai an ang ao ei en eng i ian iao ie in ing o ou u|q i
ia ian iang iao ie in ing iong iu u uan ue un|r an ang ao e en eng i ong ou u uan ui un uo|s a ai an ang ao e en eng i
ong ou u uan ui un uo|sh a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo|t a ai an ang ao e ei eng i ian
iao ie ing ong ou u uan ui un uo|w a ai an ang ei en eng o u|x i ia ian iang iao ie in ing iong iu u uan ue un|y a an
ang ao e i in ing o ong ou u uan ue un|z a ai an ang ao e ei en eng i ong ou u uan ui un uo|zh a ai an ang ao e ei en
eng i ong ou u ua uai uan uang ui un uo
"""
_SYLLABLES = sorted(
    (
        initial.strip("-") + final
        for initial, *finals in map(str.split, _PINYIN.replace("\n", " ").split("|"))
        for final in finals
    ),
    key=len,
    reverse=True,
)
_ALL_PINYIN = re.compile(f"(?:{'|'.join(_SYLLABLES)})+")
# wang2 xiao3 ming2: the tones as numbers.
_TONES = re.compile(r"(?<=[a-z])[1-5](?=$|[^0-9])")
# A number inside a word that does not end in one.
_INSIDE_ALONE = re.compile(r"[a-z][1-5][a-z]+(?![a-z1-5])")

_STEPS = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        ("hs", "x"),  # hsu: xu
        ("tz|ts", "z"),
        ("sz|ss", "s"),
        ("ch|zh|[jqr]", "C"),
        ("c", "z"),
        ("sh", "S"),
        ("ueh|ue|ve", "e"),
        ("ieh|yeh?|ie", "ie"),
        ("ien|ian|yan(?!g)", "ian"),
        ("yi", "i"),  # wu ying i
        ("iung|iong", "ung"),
        ("ong", "ung"),
        ("uei|ui|wei", "ui"),
        ("iu|iou|you|yu(?=$)", "iu"),
        ("ih(?![aeiou])", "i"),
        ("eh(?![aeiou])", "e"),
        ("uo", "o"),
        ("(?<=[kgh])e(?![inr])", "o"),  # ho: he, ko: ge
        ("b", "p"),
        ("d", "t"),
        ("(?<!n)g", "k"),
        ("ng(?=[aeiou])", "nk"),
        ("(?<=[zs])u(?![aeioun])", "i"),  # tzu: zi, szu: si
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=50_000)
def coarse(letters: str) -> str:
    """Letters of a name, without spaces, in the form in which pinyin and the older spelling meet."""
    for pattern, by in _STEPS:
        letters = pattern.sub(by, letters)
    return letters


def is_southern(surname: str, word: str) -> bool:
    """Whether a word is how the bearers of a surname in the south or abroad write it."""
    return word in SOUTHERN.get(surname, ())


@lru_cache(maxsize=50_000)
def is_pinyin(word: str) -> bool:
    """Whether letters can be read as Chinese syllables."""
    return bool(_ALL_PINYIN.fullmatch(word))


def without_tones(text: str) -> str:
    """A text in letters without the numbers of tones, where it is pinyin with such numbers; else as it is."""
    if _INSIDE_ALONE.search(text):
        return text  # ange1a is no ange1 a
    bare = _TONES.sub(" ", text)
    return bare if bare != text and all(map(is_pinyin, re.findall(r"[a-z]+", bare))) else text
