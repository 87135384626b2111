"""Ten ways in which a customer comes onto record twice, and nine in which two customers merely look alike."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from guanxi.customers.duplicates.folding import sound
from guanxi.project.bench.planted.people import LINES, LINES_ENGLISH, PROVINCE_OF, Entity, World

Twin = Callable[[World, Entity], Entity]


@cache
def _traditional() -> Callable[[str], str]:
    """The conversion into traditional characters."""
    from opencc import OpenCC  # loads its dictionaries

    convert: Any = OpenCC("s2t").convert
    return convert


def other_phone_format(world: World, phone: str) -> str:
    """The same number as somebody else writes it."""
    if phone.startswith("+44"):
        return world.pick(
            (
                f"+44 {phone[3:7]} {phone[7:]}",
                f"0044{phone[3:]}",
                f"+44 (0){phone[3:]}",
            )
        )
    if phone.startswith("0"):
        area, number = phone.split("-")
        return world.pick(
            (f"+86 {area[1:]} {number}", f"({area}){number}", f"{area}{number}", f"{area} {number[:4]} {number[4:]}")
        )
    return world.pick(
        (
            f"+86{phone}",
            f"{phone[:3]}-{phone[3:7]}-{phone[7:]}",
            f"{phone[:3]} {phone[3:7]} {phone[7:]}",
            f"0086 {phone}",
        )
    )


def other_mail_format(world: World, email: str) -> str:
    """The same mailbox as somebody else writes it."""
    local, _at, domain = email.partition("@")
    forms = [email.upper(), f"{local.capitalize()}@{domain}", f"{local}+{world.pick(('crm', 'shop', 'news'))}@{domain}"]
    if domain == "gmail.com":
        forms.append(f"{local.replace('.', '')}@googlemail.com")
    return world.pick(forms)


def shorter_address(world: World, address: str) -> str:
    """An address with parts left out."""
    if not re.search("[\u4e00-\u9fff]", address):
        text = re.sub(r"\s[A-Z]\d+ \d[A-Z]{2}$", "", address) if world.lot.random() < 0.6 else address
        for long, short in (("Street", "St"), ("Road", "Rd."), ("Avenue", "Ave"), ("Lane", "Ln"), ("Drive", "Dr")):
            text = text.replace(long, short)
        return text
    text = address
    for province in set(PROVINCE_OF.values()):
        text = text.removeprefix(province)
    choice = world.lot.random()
    if choice < 0.3:
        text = re.sub(r"^(..)市..?区", r"\1", text)
    elif choice < 0.5:
        text = re.sub(r"^..市", "", text)
    elif choice < 0.7:
        text = re.sub(r"^..市[^路街道]{2,4}区", "", text)
    elif choice < 0.85:
        text = re.sub(r"号.*$", "号", text)
    else:
        text = text.replace("号楼", "栋").replace("室", "")
    return text


# Duplicates ----------------------------------------------------------------------------------------------------------
def formats(world: World, of: Entity) -> Entity:
    """The same data, written in other forms."""
    return of.but(
        phone=other_phone_format(world, of.phone),
        email=other_mail_format(world, of.email),
        address=shorter_address(world, of.address),
    )


def scripts(world: World, of: Entity) -> Entity:
    """Traditional characters instead of simplified ones; one way to reach them is new."""
    convert = _traditional()
    changed = {"phone": world.mobile()} if world.lot.random() < 0.5 else {"email": ""}
    return of.but(name=convert(of.name), address=convert(of.address), tax_id="", **changed)


def in_letters(world: World, of: Entity) -> Entity:
    """A Chinese name in letters, the surname first or last."""
    if of.kind == "person":
        surname, given = (sound(part).capitalize() for part in of.parts[:2])
        name = world.pick(
            (f"{surname} {given}", f"{given} {surname}", f"{surname.upper()} {given}", f"{surname}, {given}")
        )
    else:
        city, brand, line, _form = of.parts
        english = LINES_ENGLISH.get(line, sound(line).capitalize())
        name = f"{sound(city).capitalize()} {sound(brand).capitalize()} {english} Co., Ltd."
    kept = world.pick(("phone", "email"))
    dropped = {"phone": "email", "email": "phone"}[kept]
    return of.but(name=name, tax_id="", address="" if world.lot.random() < 0.5 else of.address, **{dropped: ""})


def swapped(world: World, of: Entity) -> Entity:
    """Family name first."""
    first, last = of.parts[:2]
    name = world.pick((f"{last} {first}", f"{last}, {first}", f"{last.upper()} {first}"))
    return of.but(name=name, **({"email": ""} if world.lot.random() < 0.5 else {"phone": world.british()}))


def other_form(world: World, of: Entity) -> Entity:
    """A firm under another legal form, with the city elsewhere; its number of the state is not always there."""
    changed: dict[str, str] = {"tax_id": ""} if world.lot.random() < 0.6 else {}
    if world.lot.random() < 0.5:
        changed["phone"] = (
            "" if world.lot.random() < 0.5 else (world.landline(of.city) if of.is_chinese else world.british())
        )
    else:
        changed["email"] = ""
    if of.is_chinese:
        city, brand, line, _form = of.parts
        name = world.pick((
            f"{brand}{line}（{city}）有限公司", f"{city}市{brand}{line}有限责任公司", f"{city}{brand}{line}", f"{brand}{line}股份有限公司",
            f"{city}{brand}{line}集团", f"{city}{brand}{line}公司",
        ))  # fmt: skip
        return of.but(name=name, **changed)
    brand, line, _form = of.parts
    return of.but(
        name=world.pick(
            (
                f"{brand} {line}",
                f"{brand.upper()} {line.upper()} LIMITED",
                f"{brand} {line} Co. Ltd.",
                f"The {brand} {line} Company",
            )
        ),
        **changed,
    )


def address_only(world: World, of: Entity) -> Entity:
    """The same name at an address with parts left out; telephone and mail are new or missing."""
    phone = "" if world.lot.random() < 0.5 else (world.mobile() if of.is_chinese else world.british())
    return of.but(address=shorter_address(world, of.address), phone=phone, email="", tax_id="")


def slips(world: World, of: Entity) -> Entity:
    """A slip of the pen in the name or in the number; the rest is there."""
    if world.lot.random() < 0.35 and of.phone:
        place = world.lot.randrange(4, len(of.phone) - 2)
        phone = of.phone[:place] + of.phone[place + 1] + of.phone[place] + of.phone[place + 2 :]
        return of.but(phone=phone, tax_id="")
    if of.is_chinese and of.kind == "person":
        return of.but(name=_homophone(world, of.parts), tax_id="", address="")
    word = max(of.name.split(), key=len) if not of.is_chinese else of.parts[1]
    place = world.lot.randrange(1, max(2, len(word) - 1))
    wrong = word[:place] + word[place + 1 :] if len(word) > 3 else word
    return of.but(name=of.name.replace(word, wrong, 1), tax_id="")


def _homophone(world: World, parts: tuple[str, ...]) -> str:
    """A name with a character of the same sound."""
    alike = [
        "张章",
        "晓小",
        "伟玮",
        "静靖",
        "丽莉",
        "婷亭",
        "佳嘉",
        "俊军",
        "敏闵",
        "雪学",
        "诗师",
        "涵晗",
        "子梓",
        "宇雨",
        "明铭",
        "文雯",
        "洁杰",
        "欣新",
        "辉晖",
    ]
    name = "".join(parts[:2])
    for place in world.lot.sample(range(len(name)), len(name)):
        for group in alike:
            if name[place] in group:
                other = group[1 - group.index(name[place])]
                return name[:place] + other + name[place + 1 :]
    return name


def by_number(world: World, of: Entity) -> Entity:
    """The same number of the state; every way to reach them is new, the name a little different."""
    name = of.name
    if of.kind == "organisation" and of.is_chinese:
        name = world.pick((of.name, f"{of.parts[0]}{of.parts[1]}{of.parts[2]}", f"{of.parts[1]}{of.parts[2]}"))
    phone = world.mobile() if of.is_chinese else world.british()
    tax = of.tax_id
    if of.kind == "person" and len(tax) == 18 and tax[6:8] == "19" and world.lot.random() < 0.3:
        tax = tax.lower()
    return of.but(name=name, phone=phone, email="", address="", tax_id=tax)


def titles(world: World, of: Entity) -> Entity:
    """A title in place of, or behind, the name; the telephone is the same."""
    if of.is_chinese:
        title = world.pick(("先生", "女士", "经理", "总", "老师", "总经理"))
        name = of.parts[0] + title if world.lot.random() < 0.5 else f"{of.name}{title if title != '总' else '经理'}"
    else:
        first, last = of.parts[:2]
        name = world.pick((f"Mr {last}", f"{first[0]}. {last}", f"Dr. {first} {last}", f"Ms {first} {last}"))
    return of.but(name=name, phone=other_phone_format(world, of.phone), email="", tax_id="", address="")


def sparse(world: World, of: Entity) -> Entity:
    """Hardly anything but the name and one way to reach them."""
    kept = world.pick([name for name in ("phone", "email") if getattr(of, name)])
    return of.but(**{name: "" for name in ("phone", "email", "tax_id", "address", "city") if name != kept})


# Kind -> how the second record is made, from whom, and which fields the first must have.
DUPLICATES: dict[str, tuple[Twin, tuple[str, ...], tuple[str, ...]]] = {
    "formats": (formats, ("person", "firm", "foreigner", "company"), ("phone", "email", "address")),
    "traditional": (scripts, ("person", "firm"), ("phone", "email", "address")),
    "in_letters": (in_letters, ("person", "firm"), ("phone", "email")),
    "swapped": (swapped, ("foreigner",), ("phone", "email")),
    "legal_form": (other_form, ("firm", "company"), ("phone", "email", "address")),
    "address_parts": (address_only, ("person", "firm", "foreigner"), ("address",)),
    "slips": (slips, ("person", "foreigner", "company"), ("phone", "email")),
    "number": (by_number, ("person", "firm"), ("tax_id",)),
    "titles": (titles, ("person", "foreigner"), ("phone",)),
    "sparse": (sparse, ("person", "firm", "foreigner", "company"), ("phone", "email")),
}


# Not duplicates ------------------------------------------------------------------------------------------------------
def family(world: World) -> list[Entity]:
    """Father and son at one address; sometimes with one line at home."""
    father = world.person()
    son = world.person()
    given = (
        world.pick("伟强磊军洋勇杰涛明超")
        if world.lot.random() < 0.5
        else father.parts[1][:1] + world.pick("国军民华平生")
    )
    given = given if given != father.parts[1] else given + "生"
    line = world.landline(father.city) if world.lot.random() < 0.5 else ""
    phones = (line, line) if line else (father.phone, son.phone)
    return [
        father.but(phone=phones[0]),
        son.but(name=father.parts[0] + given, address=father.address, city=father.city, phone=phones[1], tax_id=world.resident_id(father.city)),
    ]  # fmt: skip


def family_abroad(world: World) -> list[Entity]:
    """The same with Latin names; some are junior and senior."""
    father, son = world.foreigner(), world.foreigner()
    name = f"{father.name} Jr." if world.lot.random() < 0.3 else f"{son.parts[0]} {father.parts[1]}"
    name = name if name != father.name else f"{father.name} Jr."
    return [
        father,
        son.but(
            name=name,
            address=father.address,
            city=father.city,
            phone=father.phone if world.lot.random() < 0.4 else son.phone,
        ),
    ]


def branches(world: World) -> list[Entity]:
    """A firm and its branch, or two branches, with one switchboard and one domain."""
    firm = world.firm()
    one, other = world.lot.sample(("北京", "上海", "广州", "成都", "武汉", "徐汇", "浦东", "南山", "天河"), 2)
    word = world.pick(("分公司", "分公司", "营业部", "办事处"))
    kept = {"phone": firm.phone, "email": firm.email} if world.lot.random() < 0.7 else {"email": firm.email}
    second = firm.but(
        name=f"{firm.name}{one}{word}",
        tax_id=world.credit_code(firm.city),
        address=world.address(firm.city, home=False),
        **kept,
    )
    if world.lot.random() < 0.5:
        return [firm, second]
    return [
        second,
        second.but(
            name=f"{firm.name}{other}{word}",
            tax_id=world.credit_code(firm.city),
            address=world.address(firm.city, home=False),
        ),
    ]


def stores(world: World) -> list[Entity]:
    """Two stores of one chain."""
    firm = world.firm()
    brand = firm.parts[1]
    one, other = world.lot.sample(range(1, 40), 2)
    if world.lot.random() < 0.5:
        names = f"{brand}超市第{one}店", f"{brand}超市第{other}店"
    else:
        roads = world.lot.sample(("人民路", "中山路", "解放路", "五道口", "大学城", "火车站"), 2)
        names = f"{brand}餐饮（{roads[0]}店）", f"{brand}餐饮（{roads[1]}店）"
    return [
        firm.but(name=names[0], tax_id=""),
        firm.but(name=names[1], tax_id="", address=world.address(firm.city, home=False)),
    ]


def switchboard(world: World) -> list[Entity]:
    """Colleagues behind one number, sometimes one mailbox and one address."""
    firm = world.firm()
    people = [world.person() for _number in range(world.lot.choice((2, 3, 3, 5)))]
    kept: dict[str, str] = {"phone": firm.phone, "address": firm.address if world.lot.random() < 0.6 else ""}
    if world.lot.random() < 0.5:
        kept["email"] = f"info@{firm.email.partition('@')[2]}"
    return [person.but(**kept) for person in people]


def office_mail(world: World) -> list[Entity]:
    """Colleagues who share the mailbox of their office, in letters."""
    firm = world.company()
    people = [world.foreigner() for _number in range(world.lot.choice((2, 2, 4)))]
    mailbox = f"{world.pick(('info', 'office', 'sales'))}@{firm.email.partition('@')[2]}"
    return [person.but(email=mailbox, address=firm.address) for person in people]


def namesakes(world: World) -> list[Entity]:
    """Two people of one name in one city."""
    one, other = world.person(), world.person()
    name = world.pick("王李张刘陈") + world.pick(("伟", "芳", "敏", "静", "丽", "强", "磊", "建国", "秀英", "子轩"))
    return [
        one.but(name=name, parts=(name[0], name[1:])),
        other.but(name=name, city=one.city, address=world.address(one.city), parts=(name[0], name[1:])),
    ]


def sisters(world: World) -> list[Entity]:
    """Two firms of one group: one brand, two lines of business, one switchboard."""
    firm = world.firm()
    city, brand, line, form = firm.parts
    other = world.pick([word for word in LINES if word != line and word[:2] != line[:2]])
    return [firm, firm.but(name=f"{city}{brand}{other}{form}", tax_id=world.credit_code(city))]


def couples(world: World) -> list[Entity]:
    """Two people who give one telephone and one address."""
    one, other = world.person(), world.person()
    return [one, other.but(phone=one.phone, address=one.address, city=one.city)]


LOOKALIKES: dict[str, Callable[[World], list[Entity]]] = {
    "family": family, "family_abroad": family_abroad, "branches": branches, "stores": stores, "switchboard": switchboard,
    "office_mail": office_mail, "namesakes": namesakes, "sisters": sisters, "couples": couples,
}  # fmt: skip
