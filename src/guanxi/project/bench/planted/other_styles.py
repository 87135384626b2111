"""Two sets of another make, to see how the weights do on what they were not set on."""

from guanxi.project.bench.planted.people import BRANDS, CITIES, Entity, World
from guanxi.project.bench.planted.planted_set import PlantedSet

KEYBOARD = "qwertyuiopasdfghjklzxcvbnm"


def _slip(world: World, text: str) -> str:
    """One slip of the pen: a letter left out, doubled, swapped with the next, or another."""
    if len(text) < 3:
        return text
    place = world.lot.randrange(1, len(text) - 1)
    kind = world.lot.randrange(4)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place] + text[place:]
    if kind == 2:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + world.pick(KEYBOARD) + text[place + 1 :]


def latin_people(seed: int, *, customers: int = 5_000, duplicates: int = 500) -> PlantedSet:
    """People with Latin names after the manner of FEBRL: one to three slips over all fields, a third of fields missing."""
    world = World(seed, missing=0.3)
    made = PlantedSet()
    for number in range(customers - duplicates):
        made.customers[f"org-{number}"] = world.thinned(world.foreigner())
    for number in world.lot.sample(range(customers - duplicates), duplicates):
        twin = made.customers[f"org-{number}"]
        for _time in range(world.lot.randint(1, 3)):
            field = world.pick(("name", "address", "email", "phone", "swap", "drop"))
            if field == "swap":
                twin = twin.but(name=" ".join(reversed(twin.name.split())))
            elif field == "drop":
                fields = [name for name in ("email", "phone", "address") if getattr(twin, name)]
                twin = twin.but(**{world.pick(fields): ""}) if len(fields) > 1 else twin
            elif field == "phone" and twin.phone:
                twin = twin.but(phone=f"{twin.phone[:-2]}{twin.phone[-1]}{twin.phone[-2]}")
            elif getattr(twin, field):
                twin = twin.but(**{field: _slip(world, getattr(twin, field))})
        made.customers[f"dup-{number}"] = twin
        made.truth[(f"dup-{number}", f"org-{number}")] = "slips"
    return made


def chinese_firms(seed: int, *, customers: int = 5_000, duplicates: int = 500) -> PlantedSet:
    """Chinese firms with other words than the planted set's: factories, shops, partnerships; branches beside some."""
    world = World(seed, missing=0.4)
    made = PlantedSet()
    words = (
        "五金厂",
        "服装厂",
        "茶叶店",
        "律师事务所",
        "职业技术学校",
        "口腔医院",
        "农机合作社",
        "文具商行",
        "网络科技有限公司",
        "生物科技股份有限公司",
    )
    for number in range(customers - duplicates):
        city = world.pick(list(CITIES))
        brand = world.fresh(lambda: "".join(world.pick(BRANDS) for _place in range(world.lot.choice((2, 3, 3)))))
        firm = Entity(
            "organisation", f"{city}{world.pick(('', '市'))}{brand}{world.pick(words)}", world.landline(city), "",
            world.credit_code(city), world.address(city, home=False), city, True, (city, brand),
        )  # fmt: skip
        made.customers[f"F{number}"] = world.thinned(firm)
    for number in world.lot.sample(range(customers - duplicates), duplicates):
        firm = made.customers[f"F{number}"]
        city, brand = firm.parts
        if number % 5 == 0:
            other = world.pick([name for name in CITIES if name != city])
            made.customers[f"X{number}"] = firm.but(name=f"{firm.name}{other}分部", tax_id="", address="")
            made.lookalikes[(f"F{number}", f"X{number}")] = "branches"
            continue
        name = (
            firm.name.replace(city, "", 1).removeprefix("市")
            if number % 2
            else firm.name.replace("有限公司", "").replace("股份", "")
        )
        kept = [field for field in ("phone", "tax_id", "address") if getattr(firm, field)]
        drop = world.pick(kept) if len(kept) > 1 else ""
        made.customers[f"X{number}"] = firm.but(name=name, **({drop: ""} if drop else {}))
        made.truth[(f"F{number}", f"X{number}")] = "other_form"
    return made
