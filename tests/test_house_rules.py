"""The house rules find what they are for, and the house keeps them."""

from pathlib import Path

import pytest

from guanxi.core import personal_data
from script import house_rules


def rules(path: str, source: str) -> list[str]:
    """The rules a file breaks."""
    return [breach.rule for breach in house_rules.check(Path(path), source)]


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [
        ("reads", "guanxi/customers/views/list.py", "rows = Customer.objects.filter(tier='vip')\n"),
        ("reads", "guanxi/customers/api.py", "rows = Customer.everything.all()\n"),
        ("writes", "guanxi/customers/views/edit.py", "customer.save()\n"),
        ("writes", "guanxi/customers/queries.py", "Customer.objects.filter(id=1).update(name='x')\n"),
        ("writes", "guanxi/customers/handlers.py", "Customer.objects.bulk_create(rows)\n"),
        ("money", "guanxi/commerce/services.py", "share = float(order.amount_minor)\n"),
        ("money", "guanxi/commerce/models.py", "unit_price = models.FloatField()\n"),
        ("web", "guanxi/commerce/services.py", "from django.http import HttpRequest\n"),
        ("style", "guanxi/ui/templates/ui/x.html", '<p class="a"\n style="color: red">'),
        ("script", "guanxi/ui/templates/ui/x.html", '<button onclick="go()">'),
        ("script", "guanxi/ui/templates/ui/x.html", '<div hx-on:click="go()">'),
        ("script", "guanxi/ui/templates/ui/x.html", "<script>go()</script>"),
        ("foreign", "guanxi/ui/templates/ui/x.html", '<script src="https://cdn.example/x.js"></script>'),
        ("foreign", "guanxi/ui/frontend/app.css", '@import "//fonts.example/x.css";'),
        ("style", "guanxi/ui/cells.py", "x = format_html('<i style=\"width:{}\"></i>', 1)\n"),
        ("name", "guanxi/ui/utils.py", "x = 1\n"),
        ("length", "guanxi/ui/tables.py", "x = 1\n" * 500),
        ("unfinished", "guanxi/ui/tables.py", "x = 1  # " + "TODO later\n"),
    ],
)
def test_a_breach_is_found(rule, path, source):
    assert rule in rules(path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("guanxi/customers/views/list.py", "rows = Customer.objects.visible_to(actor).filter(tier='vip')\n"),
        ("guanxi/customers/services.py", "customer.save()\n"),
        ("guanxi/customers/views/list.py", "context.update(title='x')\n"),
        ("guanxi/people/backends.py", "session.save()  # house: writes: the framework's own row\n"),
        (
            "guanxi/ui/templates/ui/x.html",
            '<script type="application/json">{}</script><script src="/static/a.js"></script>',
        ),
    ],
)
def test_what_is_allowed_passes(path, source):
    assert rules(path, source) == []


def test_the_house_keeps_its_rules():
    breaches = [
        str(breach)
        for path in house_rules.files()
        for breach in house_rules.check(path.relative_to(house_rules.SOURCES), path.read_text("utf-8"))
    ]
    assert not breaches, "\n".join(breaches)


def test_every_model_and_every_column_of_text_says_what_personal_data_it_holds():
    """`personal_data.py` of the module owns the statement; `nothing(...)` for a model without any."""
    assert personal_data.gaps() == []
