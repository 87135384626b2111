"""Fifteen ways in which the same customer comes on record twice."""

import re
from collections.abc import Callable

from guanxi.project.bench.planted.people import Entity
from guanxi.project.bench.planted.second_hand import slips, words
from guanxi.project.bench.planted.second_hand.people import CONVERSIONS, Maker, firm_name, in_cantonese, in_wade_giles

WITHOUT_MARKS: dict[int, str] = {
    ord(letter): other
    for letter, other in zip(
        "üäößøèéúñíçÉ", ["ue", "ae", "oe", "ss", "oe", "e", "e", "u", "n", "i", "c", "E"], strict=True
    )
}
WAYS = ("phone", "email", "tax_id", "address")


def drifted(maker: Maker, of: Entity, *, keep: tuple[str, ...] = (), at_least: int = 1) -> Entity:
    """The same years later: some ways to reach them stay (`keep` surely), the others are gone or new."""
    there = [way for way in WAYS if getattr(of, way)]
    stay = set(keep)
    while len(stay & set(there)) < min(at_least, len(there)):
        stay.add(
            maker.lot.choices(there, [{"phone": 4, "email": 3, "tax_id": 1, "address": 2}[way] for way in there])[0]
        )
    stay |= {way for way in there if maker.chance(0.3)}
    changed = {way: _anew(maker, of, way) for way in there if way not in stay}
    return of.but(**changed)


def _anew(maker: Maker, of: Entity, way: str) -> str:
    """Another telephone, mailbox or address, or none."""
    if way == "tax_id" or maker.chance(0.6):
        return ""
    other = maker.person(of.parts[0]) if of.kind == "person" else maker.firm(of.parts[0])
    return str(getattr(other, way))


def phone_otherwise(maker: Maker, of: Entity) -> str:
    """The same number as somebody else writes it."""
    phone, region = of.phone, of.parts[0]
    if not phone:
        return ""
    digits = re.sub(r"\D", "", phone)
    if region == "mainland":
        is_mobile = digits.startswith("1")
        rest = digits if is_mobile else digits[1:]
        shapes = [f"+86 {rest}", f"0086{rest}", f"0086-{rest}", f"(+86){rest}", slips.full_width(phone)]
        shapes += (
            [f"{digits[:3]} {digits[3:7]} {digits[7:]}", f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"]
            if is_mobile
            else [f"({phone.split('-')[0]}) {phone.split('-')[1]}"]
        )
        return maker.pick(shapes)
    plus = phone.split()[0]
    rest = phone.removeprefix(plus).strip()
    bare = rest.replace(" ", "")
    shapes = [
        f"00{plus[1:]} {rest}",
        f"{plus}{bare}",
        f"({plus}) {rest}",
        f"{plus}-{rest.replace(' ', '-')}",
        f"00{plus[1:]}-{bare}",
    ]
    if region == "west" and plus != "+1":
        shapes.append(f"{plus} (0){bare}")
    return maker.pick(shapes)


def address_otherwise(maker: Maker, of: Entity) -> str:
    """The same place with parts left out or written in another way."""
    address, region = of.address, of.parts[0]
    if not address:
        return ""
    if region == "mainland":
        for pattern, other in (
            (r"^.{2,3}省", ""),
            (r"(?<=.)市", ""),
            (r"号(?=[^0-9])", maker.pick(("号", "號", "弄", "号"))),
            (r"栋", maker.pick(("幢", "号楼", "-"))),
            (r"单元", maker.pick(("单元", "-"))),
            (r"层", maker.pick(("楼", "F "))),
        ):
            if maker.chance(0.5):
                address = re.sub(pattern, other, address, count=1)
        return address.replace("弄", "号")
    if region == "hongkong":
        row = next(row for row in words.HONG_KONG if row[0] in address)
        number, floor, flat = re.findall(r"(\d+)號.*?(\d+)樓(.*)室", address)[0]
        return maker.pick((
            f"{'Flat' if flat.isalpha() else 'Room'} {flat}, {floor}/F, {row[5]}, {number} {row[4]}, {row[3]}, Hong Kong",
            address.removeprefix("香港"), CONVERSIONS["plain"].convert(address), f"{row[0]}{row[1]}{number}號{floor}樓{flat}室",
        ))  # fmt: skip
    if region == "taiwan":
        return maker.pick(
            (
                address.replace("台", "臺"),
                CONVERSIONS["plain"].convert(address),
                re.sub(r"(\d+)樓", r"\1F", address),
                slips.full_width(address),
            )
        )
    shorter = re.sub(r", (Apt|Unit|Suite|Floor) \d+", "", address)
    for word, other in (
        ("Street", "St."),
        ("Avenue", "Ave"),
        ("Road", "Rd"),
        ("straße", "str."),
        ("Calle", "C/"),
        ("avenue", "av."),
        ("Suite", "Ste"),
        ("Apt", "#"),
    ):
        shorter, address = shorter.replace(word, other), address.replace(word, other)
    return maker.pick((address.upper(), address, shorter))


def rewritten(maker: Maker, of: Entity) -> Entity:
    """The ways to reach them, written by another hand."""
    phone = phone_otherwise(maker, of) if maker.chance(0.6) else of.phone
    email = maker.pick((of.email, of.email.upper(), of.email.title(), f" {of.email} "))
    return of.but(phone=phone, email=email, address=address_otherwise(maker, of) if maker.chance(0.6) else of.address)


def beside_the_key(maker: Maker, of: Entity) -> Entity:
    """Typed again in a hurry: one slip in the name, the mailbox, the telephone or the street."""
    field = maker.pick(("name", "email", "phone", "address"))
    if field == "name" and of.is_chinese:
        field = "email"
    kept = drifted(maker, of, keep=() if field == "name" else (field,), at_least=1 if field == "name" else 3)
    return kept.but(**{field: slips.beside_the_key(maker.lot, getattr(kept, field))})


def read_by_machine(maker: Maker, of: Entity) -> Entity:
    """Read off a card by a machine: signs taken for others of their shape."""
    field = maker.pick(("name", "name", "email", "phone", "tax_id"))
    if field == "phone" or not getattr(of, field) or field == "tax_id":
        kept = drifted(maker, of, keep=("phone",), at_least=3)
        return kept.but(phone=slips.digit_misread(maker.lot, kept.phone))
    kept = drifted(maker, of, keep=() if field == "name" else (field,), at_least=2 if field == "name" else 3)
    return kept.but(**{field: slips.read_by_machine(maker.lot, getattr(kept, field))})


def full_width(maker: Maker, of: Entity) -> Entity:
    """From a system that knows wide signs only, with spaces where none belong."""
    kept = drifted(maker, of)
    name = (
        f"{kept.name[:1]}　{kept.name[1:]}"
        if kept.kind == "person" and kept.is_chinese
        else slips.full_width(kept.name)
    )
    return kept.but(
        name=name,
        phone=slips.full_width(kept.phone),
        email=slips.full_width(kept.email),
        address=slips.full_width(kept.address),
    )


def other_script(maker: Maker, of: Entity) -> Entity:
    """Traditional for simplified, or the other way about."""
    kept = rewritten(maker, drifted(maker, of))
    into = CONVERSIONS[maker.pick(("hongkong", "taiwan")) if of.parts[0] == "mainland" else "plain"]
    return kept.but(name=into.convert(of.name), address=into.convert(kept.address))


def cantonese(maker: Maker, of: Entity) -> Entity:
    """The spelling of a Hong Kong identity card, or an English name with the surname."""
    surname, given = in_cantonese(of.parts)
    joined, english = given.replace(" ", "-").capitalize(), of.parts[3]
    name = maker.pick(
        (
            f"{surname} {given}",
            f"{surname.upper()}, {given}",
            f"{surname} {joined}",
            f"{english} {surname}",
            f"{surname} {given}, {english}",
            f"{english} {given} {surname}",
        )
    )
    return rewritten(maker, drifted(maker, of, keep=(maker.pick(("phone", "email")),))).but(name=name)


def passport(maker: Maker, of: Entity) -> Entity:
    """The spelling of a passport of Taiwan."""
    surname, given = in_wade_giles(of.parts)
    name = maker.pick(
        (
            f"{surname} {given}",
            f"{given} {surname}",
            f"{surname.upper()}, {given.upper()}",
            f"{surname} {given.replace('-', ' ').title()}",
        )
    )
    return rewritten(maker, drifted(maker, of, keep=(maker.pick(("phone", "email")),))).but(name=name)


def with_tones(maker: Maker, of: Entity) -> Entity:
    """Pinyin with the tones marked, numbered or left out, the surname first or last."""
    tones = maker.pick(("marks", "numbers", "", ""))
    surname, given = ("".join(slips.syllables(part, tones=tones)).capitalize() for part in of.parts[1:3])
    apart = " ".join(slips.syllables(of.parts[2], tones=tones))
    name = maker.pick(
        (
            f"{surname} {given}",
            f"{given} {surname}",
            f"{surname.upper()} {given}",
            f"{surname} {apart}",
            f"{surname}{given}".lower(),
        )
    )
    return rewritten(maker, drifted(maker, of, keep=(maker.pick(("phone", "email", "tax_id")),))).but(name=name)


def parts_swapped(maker: Maker, of: Entity) -> Entity:
    """The surname first, a middle initial, a title."""
    _region, last, first, middle = of.parts
    name = maker.pick(
        (
            f"{last}, {first}",
            f"{last} {first}",
            f"{last.upper()} {first}",
            f"{first} {middle}. {last}",
            f"Dr. {first} {last}",
            f"{last}, {first} {middle}.",
        )
    )
    return rewritten(maker, drifted(maker, of)).but(name=name)


def called(maker: Maker, of: Entity) -> Entity:
    """A short form of the first name, its initial alone, or letters without their marks."""
    _region, last, first, _middle = of.parts
    names = [f"{short} {last}" for short in words.WEST_FIRST[first].split()] + [f"{first[0]}. {last}"]
    bare = of.name.translate(WITHOUT_MARKS)
    names += [bare, bare] if bare != of.name else []
    return rewritten(maker, drifted(maker, of, keep=(maker.pick(("phone", "email")),))).but(name=maker.pick(names))


def code_moved(maker: Maker, of: Entity) -> tuple[Entity, Entity]:
    """The area code was given up and the number grew: the old one stands on one record, the new one on the other."""
    city = maker.pick(list(words.MOVED_CODES))
    old, new, digit = words.MOVED_CODES[city]
    number, is_firm = maker.line("mainland", city), of.kind == "organisation"
    parts = (of.parts[0], city, *of.parts[2:]) if is_firm else of.parts
    here = of.but(
        name=firm_name(parts) if is_firm else of.name, parts=parts, city=city, address=maker.address("mainland", city, home=not is_firm),
        phone=f"{old}-{number.removeprefix(f'{new}-{digit}')}", tax_id=maker.number_of("mainland", city, is_firm=is_firm),
    )  # fmt: skip
    return here, drifted(maker, here, keep=("phone",), at_least=3).but(phone=number)


def extension(maker: Maker, of: Entity) -> Entity:
    """One line of a switchboard, its extension written in several ways."""
    number = maker.pattern("8##")
    shape = maker.pick(("{}转{}", "{} ext. {}", "{}#{}", "{}-{}", "{} x{}", "{}分机{}"))
    kept = drifted(maker, of, keep=("phone",))
    return kept.but(
        phone=shape.format(kept.phone, number), name=_form_otherwise(maker, of) if maker.chance(0.4) else of.name
    )


def _form_otherwise(maker: Maker, of: Entity) -> str:
    """The name of a firm as others write it."""
    region, city, brand, business, form = of.parts
    if region == "west":
        return f"{brand} {business} {maker.pick(words.WEST_FORMS[form])}".strip()
    if region == "mainland":
        return maker.pick((
            f"{brand}{business}（{city}）{form}", f"{brand}({city}){business}{form}", f"{city}{brand}{business}", f"{city}市{brand}{business}{form}",
            f"{brand}{business}{form}", f"{city}{brand}{business}公司", f"{words.PROVINCES.get(city, '')}{city}{brand}{business}{form}",
        ))  # fmt: skip
    into = CONVERSIONS[region].convert
    return into(
        maker.pick(
            (
                f"{brand}{business}",
                f"{brand}{business}公司",
                f"{brand}{business}（香港）有限公司" if region == "hongkong" else f"{brand}{business}(股)公司",
            )
        )
    )


def company_form(maker: Maker, of: Entity) -> Entity:
    """The legal form shortened, the city moved or left out."""
    return rewritten(maker, drifted(maker, of)).but(name=_form_otherwise(maker, of))


def branch_otherwise(maker: Maker, of: Entity) -> tuple[Entity, Entity]:
    """One branch, named in two ways; its telephone or its address is its own."""
    _region, _city, brand, business, form = of.parts
    place = maker.pick([city for city in words.MAINLAND if city != of.parts[1]])
    shapes = [
        f"{of.name}{place}分公司",
        f"{brand}{business}{form}（{place}分公司）",
        f"{brand}{business}{place}分公司",
        f"{of.name}{place}分部",
    ]
    one, other = maker.lot.sample(shapes[:3], 2)
    here = of.but(
        phone=maker.line("mainland", place), address=maker.address("mainland", place, home=False), city=place, tax_id=""
    )
    return here.but(name=one), rewritten(maker, drifted(maker, here, keep=(maker.pick(("phone", "address")),))).but(
        name=other
    )


def in_english(maker: Maker, of: Entity) -> Entity:
    """A Chinese firm under its English name."""
    region, city, brand, business, _form = of.parts
    spelt = "".join(slips.syllables(brand)).capitalize()
    place = words.MAINLAND[city][3] if region == "mainland" else ""
    name = f"{spelt} {words.BUSINESS[business]} {maker.pick(('Co., Ltd.', 'Co.,Ltd', 'Company Limited', 'Limited'))}"
    if place:
        name = maker.pick((f"{place} {name}", f"{name.partition(' ')[0]} ({place}) {name.partition(' ')[2]}", name))
    return rewritten(maker, drifted(maker, of, keep=(maker.pick(("phone", "email")),))).but(name=name)


def two_fields(maker: Maker, of: Entity) -> tuple[Entity, Entity]:
    """Hardly anything on either record: the name and one way to reach them, on one of them perhaps another."""
    way, other = maker.lot.sample(("phone", "email", "phone", "address"), 2)
    bare = of.but(**dict.fromkeys(set(WAYS) - {way}, ""), city="" if maker.chance(0.5) else of.city)
    more = bare.but(**{other: getattr(of, other)}) if maker.chance(0.4) else bare
    name = of.name if of.kind == "person" or maker.chance(0.5) else _form_otherwise(maker, of)
    return more, bare.but(name=name, phone=phone_otherwise(maker, bare))


Twin = Callable[[Maker, Entity], Entity | tuple[Entity, Entity]]
EVERYWHERE = ("mainland", "mainland", "hongkong", "taiwan", "west")
CHINESE = ("mainland", "hongkong", "taiwan")
# What is done, to whom (p: people, f: firms), from where.
DUPLICATES: dict[str, tuple[Twin, str, tuple[str, ...]]] = {
    "beside_the_key": (beside_the_key, "pf", EVERYWHERE),
    "read_by_machine": (read_by_machine, "pf", EVERYWHERE),
    "full_width": (full_width, "pf", EVERYWHERE),
    "other_script": (other_script, "pf", CHINESE),
    "cantonese": (cantonese, "p", ("hongkong",)),
    "passport": (passport, "p", ("taiwan",)),
    "with_tones": (with_tones, "p", ("mainland",)),
    "parts_swapped": (parts_swapped, "p", ("west",)),
    "called": (called, "p", ("west",)),
    "code_moved": (code_moved, "pf", ("mainland",)),
    "extension": (extension, "f", ("mainland", "taiwan", "west")),
    "company_form": (company_form, "f", EVERYWHERE),
    "branch_otherwise": (branch_otherwise, "f", ("mainland",)),
    "in_english": (in_english, "f", CHINESE),
    "two_fields": (two_fields, "pf", EVERYWHERE),
}
