"""Every form on every page: it says how its fields stood when it was opened, or stands here with the reason.

Whoever adds a form that changes what stands gives it `held(request, record)` (src/guanxi/ui/together) and is done; a form
that makes something new, asks for one act or belongs to nobody else is named below.
"""

import hashlib
import json
import re
from collections.abc import Iterator

import pytest
from django.urls import Resolver404, resolve

from guanxi.ui.together.settling import digest
from tests.forms import Form, FormsOf
from tests.matrix.rows import pages
from tests.matrix.trying import Tryer
from tests.matrix.world import World, build

pytestmark = [pytest.mark.full, pytest.mark.django_db]
NEW, ACT, ONE = "makes something new", "asks for one act", "belongs to an import that one person brings in"
WHOLE = "is saved whole: refused, with all that was typed kept, where somebody else has saved since it was opened"
# The routes that forms are sent to which need not say how they were opened.
APART = {
    "approvals/<str:public_id>/decide": ACT,
    "approvals/<str:public_id>/delegate": ACT,
    "cases/<str:public_id>/conversation": ACT,
    "cases/<str:public_id>/link": NEW,
    "cases/<str:public_id>/step": NEW,
    "cases/new": NEW,
    "contacts/log": NEW,
    "customers/<str:key>/consents/add": NEW,
    "customers/<str:key>/contacts/new": NEW,
    "customers/<str:key>/erase": ACT,
    "customers/<str:key>/holds/add": NEW,
    "customers/<str:key>/ids/new": NEW,
    "customers/<str:key>/notes/new": NEW,
    "customers/<str:key>/relations/new": NEW,
    "customers/<str:key>/requests/new": NEW,
    "customers/<str:key>/visits/new": NEW,
    "customers/consents/<int:consent_id>/withdraw": ACT,
    "customers/duplicates/<int:pair_id>/different": ACT,
    "customers/holds/<int:hold_id>/release": ACT,
    "customers/merge": ACT,
    "customers/new": NEW,
    "desk/<str:public_id>/": ACT,
    "desk/<str:public_id>/merge": ACT,
    "desk/message/<str:public_id>/forward": NEW,
    "desk/message/<str:public_id>/split": NEW,
    "imports/<str:key>/columns": ONE,
    "imports/<str:key>/mapping": NEW,
    "imports/new": NEW,
    "promises/<str:public_id>/act": ACT,
    "promises/new": NEW,
    "settings/absences/new": NEW,
    "settings/approvals/head": ACT,
    "settings/approvals/limit": ACT,
    "settings/approvals/new": NEW,
    "settings/calendars/<int:number>/days": NEW,
    "settings/calendars/<int:number>/list": NEW,
    "settings/calendars/new": NEW,
    "settings/cases/category/new": NEW,
    "settings/cases/checklist/new": NEW,
    "settings/cases/criterion/new": NEW,
    "settings/channels/chat/new": NEW,
    "settings/channels/form/new": NEW,
    "settings/channels/mailbox/new": NEW,
    "settings/channels/new/<slug:kind>": NEW,
    "settings/channels/webhook/new": NEW,
    "settings/complaints/<slug:what>/new": NEW,
    "settings/departments/<int:department_id>/close": ACT,
    "settings/departments/new": NEW,
    "settings/fields/new": NEW,
    "settings/macros/new": NEW,
    "settings/notifications/feed": ACT,
    "settings/presence/reasons/new": NEW,
    "settings/privacy/purposes/new": NEW,
    "settings/privacy/requests/<str:key>/extend": ACT,
    "settings/privacy/requests/new": NEW,
    "settings/privacy/retention/runs/<int:run_id>": ACT,
    "settings/queues/new": NEW,
    "settings/roles/new": NEW,
    "settings/rules/<str:public_id>/change": WHOLE,
    "settings/rules/new": NEW,
    "settings/security/app": NEW,
    "settings/security/passkeys/new": NEW,
    "settings/service-levels/hours/new": NEW,
    "settings/service-levels/new": NEW,
    "settings/sign-in-rules/providers/new": NEW,
    "settings/teams/new": NEW,
    "settings/tokens/create": NEW,
    "settings/users/new": NEW,
    "settings/webhooks/new": NEW,
    "tasks/new": NEW,
    "ui/list/<slug:key>/views/new": NEW,
}


def route(address: str) -> str:
    """The route that an address leads to."""
    try:
        return resolve(re.split("[?#]", address)[0]).route
    except Resolver404:
        return address


def forms_of(world: World, tryer: Tryer) -> Iterator[tuple[str, Form]]:
    """Each form that a person can send, with the address it goes to, on every page of the matrix."""
    for page in pages():
        if page.untried or page.get is None:
            continue
        address = world.fill(page.address)
        answer = tryer.page("get", address, headers=page.headers)
        if answer.status != 200:
            continue
        for form in FormsOf(answer.text).forms:
            if form.method == "post":
                yield form.action or address, form


def is_filled_in(form: Form) -> bool:
    """Whether it holds anything that a person fills in."""
    return bool(form.inputs)


def test_every_form_says_how_it_was_opened_or_need_not() -> None:
    world = build()
    found: dict[str, bool] = {}
    for address, form in forms_of(world, Tryer(world, "owner")):
        if is_filled_in(form):
            name = route(address)
            found[name] = found.get(name, True) and "_opened" in form.values
    missing = sorted(name for name, says in found.items() if not says and name not in APART)
    assert not missing, f"forms that do not say how their fields stood when they were opened: {missing}"
    stale = sorted(name for name in APART if name not in found or found[name])
    assert not stale, f"named without need: {stale}"
    assert sum(found.values()) > 20


def changed(form: Form, name: str) -> str | None:
    """Another value for a field that the form would send, None where this test knows none."""
    kind, value = form.inputs[name], form.values.get(name, [""])[0]
    if kind == "select":
        return next((other for other in form.options.get(name, []) if other and other != value), None)
    if kind in {"text", "textarea"} and not re.search(r"inputmode|\d", value):
        return f"{value} 2"
    return None


def test_every_form_that_says_so_asks_before_it_writes_over_somebody_else() -> None:
    """Each field as if it had stood otherwise when the form was opened: sent changed, it is asked; left alone, it stays."""
    world = build()
    tryer = Tryer(world, "owner")
    tried, problems = 0, []
    for address, form in list(forms_of(world, tryer)):
        if "_opened" not in form.values:
            continue
        marks = json.loads(form.values["_opened"][0])
        for name in sorted(marks):
            value = changed(form, name) if name in form.inputs else None
            if value is None:
                continue
            tried += 1
            then = hashlib.sha256(name.encode()).hexdigest()[:18]
            sent = form.values | {"_opened": [json.dumps(marks | {name: then})], name: [value]}
            answer = tryer.page("post", address, sent)
            if answer.status != 409 or answer.written:
                problems.append(f"{address} {name}: {answer}")
            elif value not in answer.text:
                problems.append(f"{address} {name}: what was typed is lost")
            left = form.values | {"_opened": [json.dumps(marks | {name: digest([value])})], name: [value]}
            answer = tryer.page("post", address, left)
            if answer.status not in {200, 204, 302, 422}:
                problems.append(f"{address} {name}, left alone: {answer}")
            break
    assert not problems, "\n".join(problems)
    assert tried > 20
