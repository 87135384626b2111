"""Twelve ways of looking alike without being the same."""

from collections.abc import Callable

from guanxi.project.bench.planted.people import Entity
from guanxi.project.bench.planted.second_hand import words
from guanxi.project.bench.planted.second_hand.people import Maker, firm_name, person_name, plain

GENERATIONS = (("Sr.", "Jr."), ("senior", "junior"), ("I", "II"), ("", "Jr."))
ALIKE = (("怡", "欣"), ("明", "亮"), ("伟", "强"), ("雪", "梅"), ("春", "秋"), ("俊", "杰"), ("嘉", "宁"), ("静", "雅"))


def _renamed(maker: Maker, of: Entity, given: str) -> Entity:
    """Another given name in the same family, with a telephone, a mailbox and a number of their own."""
    other = maker.person(of.parts[0])
    parts = (*of.parts[:2], given, other.parts[3])
    return other.but(name=person_name(parts), parts=parts, address=of.address, city=of.city)


def father_and_son(maker: Maker) -> list[Entity]:
    """At one address, now and then with one line; in the West often of one name."""
    region = maker.pick(("mainland", "hongkong", "taiwan", "west"))
    father = maker.person(region)
    if region == "west":
        older, younger = maker.pick(GENERATIONS)
        son = _renamed(maker, father, father.parts[2])
        return [father.but(name=f"{father.name} {older}".strip()), son.but(name=f"{father.name} {younger}")]
    son = _renamed(maker, father, maker.person(region).parts[2])
    return [father, son.but(phone=father.phone) if maker.chance(0.3) else son]


def twins(maker: Maker) -> list[Entity]:
    """Born on one day, at one address, of names that differ by a sign; their mother's telephone stands on both."""
    region = maker.pick(("mainland", "mainland", "taiwan", "west"))
    one = maker.person(region)
    if region == "west":
        names = maker.pick((("Anna", "Anne"), ("Marie", "Maria"), ("Jon", "Joan"), ("Lena", "Lara"), ("Tim", "Tom")))
        pair = [_renamed(maker, one, name) for name in names]
        return [pair[0], pair[1].but(phone=pair[0].phone) if maker.chance(0.2) else pair[1]]
    first = maker.pick(list(words.GIVEN))
    pair = [_renamed(maker, one, first + last) for last in maker.pick(ALIKE)]
    if region == "mainland":
        city = maker.pick(list(words.MAINLAND))
        born = f"20{maker.lot.randint(0, 9):02d}{maker.lot.randint(1, 12):02d}{maker.lot.randint(1, 28):02d}"
        pair = [child.but(tax_id=maker.resident_id(city, born)) for child in pair]
    return [pair[0], pair[1].but(phone=pair[0].phone) if maker.chance(0.4) else pair[1]]


def man_and_wife(maker: Maker) -> list[Entity]:
    """One home, one telephone or one mailbox; in the West one surname."""
    region = maker.pick(("mainland", "hongkong", "taiwan", "west"))
    one = maker.person(region)
    other = maker.person(region)
    if region == "west":
        other = _renamed(maker, one, maker.pick([name for name in words.WEST_FIRST if name[0] != one.parts[2][0]]))
    way = maker.pick(("phone", "email"))
    return [one, other.but(address=one.address, city=one.city, **{way: getattr(one, way)})]


def namesakes(maker: Maker) -> list[Entity]:
    """Two people of one name in one city."""
    one = maker.person(maker.pick(("mainland", "mainland", "hongkong", "taiwan", "west")))
    other = _renamed(maker, one, one.parts[2])
    return [one, other.but(name=one.name, address=maker.address(one.parts[0], _city(one), home=True))]


def _city(of: Entity) -> str:
    """A city of the customer's region that addresses can be made in: theirs, where it is one."""
    districts = {"香港": next((row[0] for row in words.HONG_KONG if row[0] in of.address), "中環")}
    return districts.get(of.city, of.city)


def branches(maker: Maker) -> list[Entity]:
    """A firm and its branches in other cities, behind one switchboard or one mailbox."""
    firm = maker.firm("mainland")
    places = maker.lot.sample([city for city in words.MAINLAND if city != firm.parts[1]], 2)
    shape = maker.pick(("{}{}分公司", "{}（{}）分公司", "{}{}办事处", "{}{}营业部"))
    group = [
        firm.but(
            name=shape.format(firm.name, place), city=place, address=maker.address("mainland", place, home=False), tax_id=maker.number_of("mainland", place, is_firm=True),
            phone=firm.phone if maker.chance(0.5) else maker.line("mainland", place),
        )
        for place in places
    ]  # fmt: skip
    return [firm, group[0]] if maker.chance(0.5) else group


def western_branches(maker: Maker) -> list[Entity]:
    """Offices of one firm in two towns, with one mailbox."""
    firm = maker.firm("west")
    towns = maker.lot.sample([row[0] for row in words.WEST], 2)
    stem = firm.name.removesuffix(f" {firm.parts[4]}")
    return [
        firm.but(
            name=f"{stem} {town}",
            city=town,
            address=maker.address("west", town, home=False),
            phone=maker.line("west", town),
            tax_id="",
        )
        for town in towns
    ]


def switchboard(maker: Maker) -> list[Entity]:
    """Colleagues behind one number, each with an extension, at the address of their firm."""
    region = maker.pick(("mainland", "taiwan", "west"))
    firm = maker.firm(region)
    shape = maker.pick(("{}-{}", "{}转{}", "{} ext. {}", "{}#{}"))
    people = [maker.person(region) for _one in range(maker.pick((2, 3)))]
    is_numbered = maker.chance(0.7)
    return [
        one.but(
            phone=shape.format(firm.phone, 800 + place * 3) if is_numbered else firm.phone, address=firm.address if maker.chance(0.6) else "", city=firm.city, tax_id=""
        )
        for place, one in enumerate(people)
    ]  # fmt: skip


def office_mail(maker: Maker) -> list[Entity]:
    """Colleagues who give the mailbox of their office, and at times its address."""
    region = maker.pick(("mainland", "hongkong", "taiwan", "west"))
    firm = maker.firm(region)
    at_office = maker.chance(0.5)
    return [
        maker.person(region).but(email=firm.email, address=firm.address if at_office else "", city=firm.city)
        for _one in range(2)
    ]


def tenants(maker: Maker) -> list[Entity]:
    """One after the other in the same rooms; the second kept the telephone line now and then."""
    region = maker.pick(("mainland", "hongkong", "taiwan", "west"))
    make = maker.pick((maker.firm, maker.person))
    before, after = make(region), make(region)
    after = after.but(address=before.address, city=before.city)
    return [before, after.but(phone=before.phone) if maker.chance(0.2) else after]


def one_group(maker: Maker) -> list[Entity]:
    """Two firms of one group: one brand, two lines of business, one switchboard and one house."""
    region = maker.pick(("mainland", "hongkong", "taiwan"))
    firm = maker.firm(region)
    business = maker.pick([name for name in words.BUSINESS if name != firm.parts[3]])
    parts = (*firm.parts[:3], business, firm.parts[4])
    sister = firm.but(name=firm_name(parts), parts=parts, tax_id=maker.number_of(region, firm.parts[1], is_firm=True))
    return [firm, sister.but(email=f"{plain(words.BUSINESS[business])}@{firm.email.partition('@')[2]}")]


def one_brand(maker: Maker) -> list[Entity]:
    """Two firms of one brand and one business in two cities that have nothing to do with each other."""
    firm, other = maker.firm("mainland"), maker.firm("mainland")
    while other.parts[1] == firm.parts[1]:
        other = maker.firm("mainland")
    parts = (*other.parts[:2], *firm.parts[2:4], other.parts[4])
    return [firm, other.but(name=firm_name(parts), parts=parts)]


def firm_and_owner(maker: Maker) -> list[Entity]:
    """A firm and the person who answers for it: one telephone, one mailbox, one address."""
    region = maker.pick(("mainland", "hongkong", "taiwan", "west"))
    firm = maker.firm(region)
    return [firm, maker.person(region).but(phone=firm.phone, email=firm.email, address=firm.address, city=firm.city)]


LOOKALIKES: dict[str, Callable[[Maker], list[Entity]]] = {
    "father_and_son": father_and_son, "twins": twins, "man_and_wife": man_and_wife, "namesakes": namesakes, "branches": branches,
    "western_branches": western_branches, "switchboard": switchboard, "office_mail": office_mail, "tenants": tenants, "one_group": one_group,
    "one_brand": one_brand, "firm_and_owner": firm_and_owner,
}  # fmt: skip
