"""Service levels on screen, which one would hold, and the clocks of a case with their history."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.conversations.public import Direction
from guanxi.core import events, jobs
from guanxi.core.actor import system_actor
from guanxi.core.models import Role, User
from guanxi.integration.public import create_token
from guanxi.service.clocks.choices import Sort
from guanxi.service.clocks.services.promising import save_policy
from guanxi.service.models import Case, CaseClock, SlaPolicy
from guanxi.service.public import open_for_message, set_state, update_case

pytestmark = pytest.mark.django_db


def browser(role: str, language: str = "en") -> Client:
    """The browser of somebody with a role."""
    client = Client()
    user = User.objects.create(username=f"{role}{language}", role=Role.objects.get(key=role), language=language)
    client.force_login(user)
    client.cookies["guanxi_language"] = language
    return client


def sent(page: Any) -> dict[str, Any]:
    """What a form would send as it stands."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def test_a_service_level_is_made_changed_and_holds() -> None:
    web = browser("manager")
    page = web.get(reverse("service:service_levels"))
    assert page.status_code == 200
    assert "4 h of working time" in page.content.decode()
    create = reverse("service:service_level_create")
    values = sent(web.get(create)) | {
        "name": "VIP complaints", "ask_tier": ["vip"], "ask_type": ["complaint"],
        "amount_first_answer_0": "15", "unit_first_answer_0": "working_minutes",
        "amount_solution_0": "2", "unit_solution_0": "working_days", "pauses_solution": ["waiting", "held"],
        "warn_first_answer": "50",
        "step_0_sort": "solution", "step_0_number": "30", "step_0_when": "before", "step_0_act": "raise",
        "step_1_sort": "first_answer", "step_1_number": "0", "step_1_when": "after", "step_1_whom": "department",
    }  # fmt: skip
    assert web.post(create, values).status_code == 302
    row = SlaPolicy.objects.get(name="VIP complaints")
    assert row.asks == {"type": ["complaint"], "tier": ["vip"]}
    assert {(t.sort, t.amount, t.unit, t.warn_percent) for t in row.targets.all()} == {
        ("first_answer", 15, "working_minutes", 50), ("solution", 2, "working_days", 75),
    }  # fmt: skip
    assert [str(step) for step in row.steps.all()] == [
        "Solution -30 min: raise the priority",
        "First answer +0 min: tell the head of its department",
    ]
    address = reverse("service:service_level", args=[row.public_id])
    shown = web.get(address)
    again = sent(shown) | {"amount_first_answer_1": "1", "unit_first_answer_1": "working_hours", "step_0_sort": ""}
    assert web.post(address, again).status_code == 302
    assert row.targets.get(priority=1).amount == 60
    assert [step.sort for step in row.steps.all()] == ["first_answer"]
    wrong = web.post(
        address, again | {"amount_first_answer_0": "0", "step_2_sort": "solution", "step_2_number": "", "name": ""}
    )
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "Say when the step comes." in text
    assert 'value="VIP complaints"' not in text
    found = web.get(
        reverse("service:service_levels"), {"tier": "vip", "type": "complaint", "priority": "1"}
    ).content.decode()
    assert "<b>VIP complaints</b> · First answer: 1 h of working time" in found
    assert "asks for Type, Tier" in found
    assert "Tier is another" in web.get(reverse("service:service_levels"), {"type": "complaint"}).content.decode()


def test_who_may_look_looks_and_others_do_not() -> None:
    row = SlaPolicy.objects.get()
    address = reverse("service:service_level", args=[row.public_id])
    for role, looks, changes in (("agent", 200, 404), ("auditor", 200, 404), ("owner", 200, 200)):
        web = browser(role)
        assert web.get(reverse("service:service_levels")).status_code == looks
        assert web.get(address).status_code == changes
        assert web.get(reverse("service:service_level_create")).status_code == changes
    assert browser("agent", "zh-hans").post(address, {"name": "x"}).status_code == 404
    row.refresh_from_db()
    assert row.name == "Standard"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_history_of_a_cases_clocks_in_words(hear: Any, language: str) -> None:
    system = system_actor()
    case = open_for_message(actor=system, message_id=hear("My kettle leaks", message_id="<a@x>").message.pk)
    assert case is not None
    update_case(actor=system, case_id=case.pk, values={"priority": 1})
    set_state(actor=system, case_id=case.pk, state="waiting")
    hear("Which model?", in_reply_to="<a@x>", direction=Direction.OUT)
    events.deliver_pending()
    web = browser("agent", language)
    text = web.get(reverse("service:case_clocks", args=[case.public_id])).content.decode()
    expected = {
        "en": [
            "Solution",
            "Waits for the customer",
            "4 h of working time by “Standard”",
            "changed: Priority",
            "No other fits.",
        ],
        "zh-hans": ["解决", "待客户回复", "4 小时（工作时间）", "变更：优先级", "没有其他服务级别适用。"],
    }[language]
    for words in expected:
        assert words in text
    assert "clock-bar" in text
    assert web.get(reverse("service:case_clocks", args=["cas_2bad"])).status_code == 404


def test_the_card_tells_what_is_left_and_that_a_clock_never_ends(hear: Any) -> None:
    from guanxi.service.clocks.panels import clocks_panel  # loaded with the screens

    case = open_for_message(actor=system_actor(), message_id=hear("Hello").message.pk)
    assert case is not None

    class Request:
        """What the card needs of a request."""

        actor = system_actor()
        META: dict[str, str] = {}

    card = clocks_panel(Request(), case.pk)  # type: ignore[arg-type]
    assert card.count("data-countdown") == 2
    assert "Standard" in card
    CaseClock.objects.filter(sort=Sort.SOLUTION).update(due_at=None)
    assert "never be due" in clocks_panel(Request(), case.pk)  # type: ignore[arg-type]
    save_policy(actor=system_actor(), policy_id=SlaPolicy.objects.get().pk, values={"is_active": False})
    jobs.run_pending()
    assert "No service level promises anything" in clocks_panel(Request(), case.pk)  # type: ignore[arg-type]
    assert Case.objects.get(pk=case.pk).due_at is None


def test_the_api_gives_clocks_with_their_history(hear: Any) -> None:
    case = open_for_message(actor=system_actor(), message_id=hear("Hello").message.pk)
    assert case is not None
    update_case(actor=system_actor(), case_id=case.pk, values={"priority": 1})
    bot = User.objects.create(username="bot", role=Role.objects.get(key="agent"))
    nobody = User.objects.create(username="no", role=Role.objects.create(key="none", name_en="None", name_zh="无"))
    keys = [create_token(actor=system_actor(), user=user, scope="read")[1] for user in (bot, nobody)]
    web, other = (Client(headers={"authorization": f"Bearer {key}"}) for key in keys)
    page = web.get("/api/v1/clocks", {"case": case.public_id, "open": "true"}).json()
    assert [one["sort"] for one in page["items"]] == ["solution", "first_answer"]
    assert page["items"][0]["unit"] == "working_minutes"
    one = web.get(f"/api/v1/clocks/{page['items'][0]['id']}").json()
    assert [line["what"] for line in one["history"]] == ["recomputed", "started"]
    assert one["history"][0]["because"]["fields"] == ["priority"]
    assert web.get("/api/v1/clocks/clk_00011").status_code == 404
    assert other.get("/api/v1/clocks").status_code in {403, 404}
    assert other.get(f"/api/v1/clocks/{one['id']}").status_code == 404
