"""Who is on record: invented people and firms, each with an address, a telephone and so on."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CITIES = {
    "上海": ("021", "310115", "浦东新区 徐汇区 静安区 闵行区"), "北京": ("010", "110105", "朝阳区 海淀区 东城区 丰台区"),
    "杭州": ("0571", "330106", "西湖区 滨江区 余杭区"), "广州": ("020", "440106", "天河区 越秀区 番禺区"),
    "深圳": ("0755", "440305", "南山区 福田区 宝安区"), "成都": ("028", "510107", "武侯区 锦江区 青羊区"),
    "武汉": ("027", "420111", "洪山区 江汉区 武昌区"), "南京": ("025", "320106", "鼓楼区 玄武区 建邺区"),
    "西安": ("029", "610113", "雁塔区 碑林区 未央区"), "苏州": ("0512", "320508", "姑苏区 吴中区 相城区"),
    "青岛": ("0532", "370202", "市南区 崂山区 黄岛区"), "长沙": ("0731", "430104", "岳麓区 芙蓉区 雨花区"),
}  # fmt: skip
PROVINCE_OF = {
    "杭州": "浙江省", "广州": "广东省", "深圳": "广东省", "成都": "四川省", "武汉": "湖北省", "南京": "江苏省", "西安": "陕西省",
    "苏州": "江苏省", "青岛": "山东省", "长沙": "湖南省",
}  # fmt: skip
ROADS = (  # noqa: SIM905
    "人民路 中山路 解放大道 建设路 和平路 文一西路 新华路 友谊大街 胜利街 光明路 科技路 天府大道 长江路 黄河路 淮海路 延安路 世纪大道 "
    "金桥路 张江路 学院路 体育西路 珞喻路 高新南道 滨海大道 梅林路 桃园路 香樟路 银杏路 丁香路 海棠街"
).split()
SURNAMES = (
    "王王王李李李张张张刘刘陈陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊"
    "秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单解仇欧"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文海波春燕晓鹏飞宇浩然子轩雨欣怡梓涵诗琪佳思嘉俊凯瑞博雅婷慧颖琳倩雪莹丹阳晨曦"
    "泽睿昊天铭辉东方林森峰岩松柏青云龙虎成功立新德福康宁永安清源学礼义仁信忠孝诚心如意美玲珍珠翠莲荷秋月冬夏夜梦瑶瑾瑜乐行长重朝藏"
)
BRANDS = "华中远恒瑞金盛泰宏鑫达通联合创新天海东方明德嘉诚信安康源汇丰润泽博文启航卓越腾云智慧光辉永兴百川千禾三江九松青凯奥维克朗森"
LINES = (  # noqa: SIM905
    "科技 贸易 电子 机械 食品 服饰 化工 建材 家居 医疗器械 文化传媒 物流 信息技术 环保科技 包装 印刷 农业 旅游 教育咨询 汽车配件 礼品 陶瓷 纺织 照明 "
    "装饰工程 餐饮管理 酒店管理 新能源 软件 实业"
).split()
LINES_ENGLISH = {
    "科技": "Technology", "贸易": "Trading", "电子": "Electronics", "机械": "Machinery", "食品": "Foods", "化工": "Chemical",
    "物流": "Logistics", "包装": "Packaging", "印刷": "Printing", "陶瓷": "Ceramics", "纺织": "Textile", "照明": "Lighting",
    "软件": "Software", "服饰": "Garment", "礼品": "Gifts", "实业": "Industry",
}  # fmt: skip
FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "有限责任公司", "集团有限公司")
FIRST = (  # noqa: SIM905
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica Thomas Sarah "
    "Charles Karen Christopher Lisa Daniel Nancy Matthew Betty Anthony Sandra Mark Ashley Donald Emily Steven Kimberly Andrew Donna Paul "
    "Michelle Joshua Carol Kenneth Amanda Kevin Melissa Brian Deborah Timothy Stephanie Ronald Rebecca Hugo Elena Marco Ingrid Lucas Mia "
    "Jürgen Sören François Zoë Åsa Chloé Oscar Ruth Ivan Olga Pedro Lucia Anders Freja Piotr Ewa Giulia Matteo"
).split()
LAST = (  # noqa: SIM905
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Wilson Anderson Taylor Moore Jackson Martin Thompson White Harris Clark Lewis "
    "Robinson Walker Young Allen King Wright Scott Hill Green Adams Baker Nelson Carter Mitchell Roberts Turner Phillips Campbell Parker "
    "Evans Edwards Collins Stewart Morris Murphy Cook Rogers Morgan Cooper Peterson Schmidt Fischer Weber Dubois Moreau Rossi Ferrari Novak "
    "Larsen O'Brien McDonald Müller Schröder García Lindström Kowalski Andersson Virtanen Bianchi Horvat Okafor Haddad Petrov Ivanova "
    "Fernandez Castillo Delgado Whitaker Holloway Thornton Pemberton Ashworth Ravensdale Winterbourne"
).split()
STREETS = "High Station Mill Church Park King Queen Victoria Albert Garden Maple Cedar Elm Chestnut Bridge Canal Market Temple".split()  # noqa: SIM905
KINDS_OF_STREET = ("Street", "Road", "Avenue", "Lane", "Drive")
TOWNS = (("London", "+4420"), ("Leeds", "+44113"), ("Bristol", "+44117"), ("Glasgow", "+44141"), ("Cardiff", "+442920"))
LATIN_HEADS = (  # noqa: SIM905
    "North River Oak Harbour Silver Stone Bright Maple Summit Lake Iron Hill Meadow Crown Falcon Bridge Cedar Vale Amber Coral Drift "
    "Ember Frost Grove Haven Ivory Juniper Kestrel Lumen Marble"
).split()
LATIN_TAILS = "gate field ford wick stone well wood bridge worth port dale mere cliff brook land view point side ridge crest".split()  # noqa: SIM905
LATIN_LINES = (
    "Trading Foods Tools Textiles Logistics Gifts Electronics Packaging Design Supplies Lighting Software".split()  # noqa: SIM905
)
LATIN_FORMS = ("Ltd", "Limited", "Inc", "GmbH", "LLC", "Co., Ltd")
MAIL = ("qq.com", "163.com", "126.com", "gmail.com", "outlook.com", "sina.com", "foxmail.com")


@dataclass(frozen=True)
class Entity:
    """One customer as a file would hold it."""

    kind: str
    name: str
    phone: str = ""
    email: str = ""
    tax_id: str = ""
    address: str = ""
    city: str = ""
    is_chinese: bool = True
    # What the name was put together from, for those who write it otherwise.
    parts: tuple[str, ...] = ()

    def but(self, **changed: object) -> "Entity":
        """The same with some fields written otherwise."""
        return replace(self, **changed)  # type: ignore[arg-type]


class World:
    """Makes invented people and firms by lot; nobody twice."""

    def __init__(self, seed: int, *, names: Path | None = None, missing: float = 0.2) -> None:
        """Begin; `names` is a folder with lists of names to use besides our own, `missing` the share of empty fields."""
        self.lot = random.Random(seed)
        self.missing = missing
        self._names = names
        self._used: set[str] = set()
        self._number = self.lot.randrange(10_000, 90_000)

    @cached_property
    def real_brands(self) -> list[str]:
        """Short names of firms from the list, where there is one."""
        return self._list("company_short.txt")

    @cached_property
    def real_people(self) -> list[str]:
        """Names of historical people from the list, where there is one."""
        return [name for name in self._list("ancient_names.txt") if 2 <= len(name) <= 3]

    def _list(self, name: str) -> list[str]:
        """The lines of a list of names."""
        path = self._names / name if self._names else None
        if path is None or not path.is_file():
            return []
        return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]

    def pick(self, items: Sequence[str]) -> str:
        """One by lot."""
        return self.lot.choice(items)

    def digits(self, count: int) -> str:
        """Some digits."""
        return "".join(self.lot.choice("0123456789") for _place in range(count))

    def fresh(self, make: "object") -> str:
        """A text that nobody else has."""
        while True:
            text = str(make())  # type: ignore[operator]
            if text not in self._used:
                self._used.add(text)
                return text

    # Ways to reach them --------------------------------------------------------------------------------------------
    def mobile(self) -> str:
        """A mobile number in China."""
        heads = ("138", "139", "136", "137", "150", "151", "158", "186", "188", "177", "133")
        return self.fresh(lambda: self.pick(heads) + self.digits(8))

    def landline(self, city: str) -> str:
        """A line in a Chinese city."""
        code = CITIES[city][0]
        count = 8 if len(code) == 3 or city in {"杭州", "深圳", "苏州", "青岛", "长沙"} else 7
        return self.fresh(lambda: f"{code}-{self.pick('568')}{self.digits(count - 1)}")

    def british(self) -> str:
        """A mobile number in Britain."""
        return self.fresh(lambda: f"+4479{self.pick('1234578')}{self.digits(7)}")

    def address(self, city: str, *, home: bool = True) -> str:
        """An address in a Chinese city, written in full."""
        district = self.pick(CITIES[city][2].split())
        road, number = self.pick(ROADS), self.lot.randint(1, 1999)
        rest = (
            f"{self.lot.randint(1, 30)}号楼{self.lot.randint(1, 28)}{self.lot.randint(1, 8):02d}室"
            if home
            else f"{self.lot.randint(2, 30)}楼{self.lot.randint(1, 30):02d}室"
        )
        return f"{PROVINCE_OF.get(city, '')}{city}市{district}{road}{number}号{rest}"

    def street(self) -> tuple[str, str]:
        """An address in Britain and its town."""
        town, _code = self.lot.choice(TOWNS)
        number, street, kind = self.lot.randint(1, 399), self.pick(STREETS), self.pick(KINDS_OF_STREET)
        flat = f"Flat {self.lot.randint(1, 40)}, " if self.lot.random() < 0.3 else ""
        code = f"{town[0]}{self.lot.randint(1, 20)} {self.lot.randint(1, 9)}{self.pick('ABDEFGHJLN')}{self.pick('PQRSTUWXYZ')}"
        return f"{flat}{number} {street} {kind}, {town} {code}", town

    def mailbox(self, stem: str) -> str:
        """A personal mailbox."""
        return self.fresh(
            lambda: f"{stem}{self.lot.choice(['', '.', '_'])}{self.lot.randint(1, 99999)}@{self.pick(MAIL)}"
        )

    def resident_id(self, city: str) -> str:
        """A valid identity number."""
        born = f"{self.lot.randint(1950, 2004)}{self.lot.randint(1, 12):02d}{self.lot.randint(1, 28):02d}"
        body = f"{CITIES[city][1]}{born}{self.digits(3)}"
        total = sum(int(char) * (2 ** (17 - place) % 11) for place, char in enumerate(body))
        return body + "10X98765432"[total % 11]

    def credit_code(self, city: str) -> str:
        """A valid unified social credit code."""
        body = f"91{CITIES[city][1]}MA" + "".join(self.pick(CREDIT_ALPHABET) for _place in range(7))
        total = sum(CREDIT_ALPHABET.index(char) * (3**place % 31) for place, char in enumerate(body))
        return body + CREDIT_ALPHABET[(31 - total % 31) % 31]

    # Who they are --------------------------------------------------------------------------------------------------
    def chinese_name(self) -> tuple[str, str]:
        """Surname and given name."""
        if self.real_people and self.lot.random() < 0.25:
            name = self.pick(self.real_people)
            return name[:1], name[1:]
        given = self.pick(GIVEN) if self.lot.random() < 0.18 else self.pick(GIVEN) + self.pick(GIVEN)
        return self.pick(SURNAMES), given

    def person(self) -> Entity:
        """Somebody with a Chinese name."""
        surname, given = self.chinese_name()
        city = self.pick(list(CITIES))
        return Entity(
            "person", surname + given, self.mobile(), self.mailbox(self.pick(["wx", "hi", "cn", "my"]) + self.digits(3)),
            self.resident_id(city), self.address(city), city, True, (surname, given),
        )  # fmt: skip

    def foreigner(self) -> Entity:
        """Somebody with a Latin name."""
        first, last = self.pick(FIRST), self.pick(LAST)
        address, town = self.street()
        stem = "".join(char for char in f"{first}.{last}".lower() if char.isascii() and (char.isalpha() or char == "."))
        return Entity(
            "person", f"{first} {last}", self.british(), self.mailbox(stem), "", address, town, False, (first, last)
        )

    def firm(self) -> Entity:
        """A Chinese company."""
        city, line, form = self.pick(list(CITIES)), self.pick(LINES), self.pick(FORMS)
        if self.real_brands and self.lot.random() < 0.4:
            brand = self.fresh(lambda: self.pick(self.real_brands))
        else:
            brand = self.fresh(
                lambda: "".join(self.pick(BRANDS) for _place in range(self.lot.choice((2, 2, 3)))) + line
            )
            brand = brand.removesuffix(line)
        domain = f"{self.pick(['hx', 'zt', 'kl', 'wf', 'qm', 'yd'])}{self.digits(5)}.cn"
        return Entity(
            "organisation", f"{city}{brand}{line}{form}", self.landline(city), f"{self.pick(['sales', 'lin', 'zhou', 'contact', 'wu'])}@{domain}",
            self.credit_code(city), self.address(city, home=False), city, True, (city, brand, line, form),
        )  # fmt: skip

    def company(self) -> Entity:
        """A company with a Latin name."""
        line, form = self.pick(LATIN_LINES), self.pick(LATIN_FORMS)
        brand = self.fresh(lambda: self.pick(LATIN_HEADS) + self.pick(LATIN_TAILS) + f" {line}").removesuffix(
            f" {line}"
        )
        address, town = self.street()
        return Entity(
            "organisation", f"{brand} {line} {form}", self.british(), f"{self.pick(['info', 'sales', 'office', 'anna', 'tom'])}@{brand.lower()}{self.digits(2)}.co.uk",
            f"GB{self.digits(9)}", address, town, False, (brand, line, form),
        )  # fmt: skip

    def somebody(self) -> Entity:
        """Anybody."""
        make = self.lot.choices((self.person, self.firm, self.foreigner, self.company), (45, 30, 15, 10))[0]
        return self.thinned(make())

    def thinned(self, entity: Entity, keep: str = "") -> Entity:
        """With some fields left empty, as files have them; at least one way to reach them stays."""
        fields = [name for name in ("phone", "email", "tax_id", "address") if getattr(entity, name) and name != keep]
        drop = [name for name in fields if self.lot.random() < self.missing * (2.5 if name == "tax_id" else 1)]
        if not keep and not {"phone", "email", "address"} - set(drop):
            drop.remove("phone") if "phone" in drop else None
        return entity.but(**dict.fromkeys(drop, ""))
