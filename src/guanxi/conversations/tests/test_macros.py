"""Prepared answers: who may use and write which, fields filled in safely, what they set."""

from typing import Any

import pytest
from django.test import Client

from guanxi.conversations.choices import Audience
from guanxi.conversations.desk import composing
from guanxi.conversations.desk.filling import fill
from guanxi.conversations.models import Conversation, Macro
from guanxi.conversations.services.macros import create_macro, delete_macro, update_macro
from guanxi.core import changes
from guanxi.core.actor import actor_of
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.models import Role, Team, TeamMember, User

pytestmark = pytest.mark.django_db
TEXTS = {"en": "Dear {{customer.name}}, {{agent.name}}", "zh-hans": "{{customer.name}}，您好"}


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Two agents, one of them in a team, and the owner."""
    agent, owner = Role.objects.get(key="agent"), Role.objects.get(key="owner")
    found = {
        name: User.objects.create_user(name, password="x", role=agent, name=name.title()) for name in ("ann", "ben")
    }
    found["kim"] = User.objects.create_user("kim", password="x", role=owner, name="Kim")
    TeamMember.objects.create(team=Team.objects.create(name="Front"), user=found["ben"])
    return found


def seen_by(user: User) -> list[str]:
    """The names that somebody may use."""
    return [row.name for row in composing.usable_macros(actor_of(user))]


def test_each_uses_ones_own_those_of_the_team_and_everybodys(people: dict[str, User]) -> None:
    """Others' own ones are not there; an agent writes for oneself and one's teams, not for everybody."""
    ann, ben, kim = (actor_of(people[name]) for name in ("ann", "ben", "kim"))
    team = Team.objects.get()
    create_macro(actor=ann, values={"name": "own", "texts": TEXTS})
    create_macro(actor=ben, values={"name": "ours", "texts": TEXTS, "audience": Audience.TEAM, "team": team.pk})
    everybody = create_macro(actor=kim, values={"name": "all", "texts": TEXTS, "audience": Audience.ALL})
    assert seen_by(people["ann"]) == ["all", "own"]
    assert seen_by(people["ben"]) == ["all", "ours"]
    with pytest.raises(InvalidInput):
        create_macro(actor=ann, values={"name": "x", "texts": TEXTS, "audience": Audience.ALL})
    with pytest.raises(InvalidInput):
        create_macro(actor=ann, values={"name": "x", "texts": TEXTS, "audience": Audience.TEAM, "team": team.pk})
    with pytest.raises(NotFound):
        update_macro(actor=ann, macro_id=everybody.pk, values={"name": "mine"})
    with pytest.raises(NotFound):
        delete_macro(actor=ben, macro_id=Macro.objects.get(name="own").pk)
    operation = delete_macro(actor=kim, macro_id=everybody.pk)
    changes.undo_operation(actor=kim, operation_id=operation)
    assert Macro.objects.filter(name="all").exists()


@pytest.mark.parametrize(
    "values",
    [
        {"name": "", "texts": TEXTS},
        {"name": "x"},
        {"name": "x", "texts": {"fr": "Bonjour"}},
        {"name": "x", "texts": {"en": "{{no.such}}"}},
        {"name": "x", "texts": TEXTS, "actions": [["no.such", "1"]]},
        {"name": "x", "texts": TEXTS, "colour": "red"},
        {"name": "x" * 81, "texts": TEXTS},
    ],
)
def test_what_makes_no_macro_is_refused(people: dict[str, User], values: dict[str, Any]) -> None:
    """Each with the field that is at fault."""
    with pytest.raises(InvalidInput):
        create_macro(actor=actor_of(people["kim"]), values=values)
    assert not Macro.objects.exists()


def test_fields_are_filled_in_the_language_of_the_conversation_and_never_twice(
    people: dict[str, User], hear: Any, client: Client
) -> None:
    """A name that looks like a field stays a name; what is missing is named."""
    row = hear("Hello", name="{{agent.name}} <b>").conversation
    actor = actor_of(people["ann"])
    filled = fill(actor, row, "To {{ customer.name }} {{channel.name}} {{conversation.subject}}")
    assert "Ann" not in filled.text
    assert filled.missing == ["{{conversation.subject}}"]
    macro = create_macro(
        actor=actor, values={"name": "Close", "texts": TEXTS, "actions": [["state", "done"], ["assignee", "me"]]}
    )
    Conversation.objects.filter(pk=row.pk).update(language="zh-hans")
    client.force_login(people["ann"])
    told = client.post(f"/desk/{row.public_id}/macro", {"macro": macro.public_id}).json()
    assert "您好" in told["text"]
    assert [one["key"] for one in told["actions"]] == ["state", "assignee"]
    (item,) = client.get("/desk/macros?language=zh-hans").json()["items"]
    assert (item["name"], "您好" in item["hint"], "{{" in item["hint"]) == ("Close", True, False)
    (item,) = client.get("/desk/macros?language=en").json()["items"]
    assert "您好" not in item["hint"]
    client.post(
        f"/desk/{row.public_id}/note", {"text": "x", "actions": '[["state", "done"]]', "macros": macro.public_id}
    )
    row.refresh_from_db()
    macro.refresh_from_db()
    assert (row.state, macro.use_count) == ("done", 1)
    client.force_login(people["ben"])
    assert client.post(f"/desk/{row.public_id}/macro", {"macro": macro.public_id}).status_code == 404


def test_the_settings_pages(people: dict[str, User], hear: Any, client: Client) -> None:
    """Written, previewed, changed, removed; refused with the sentence beside the field."""
    hear("Hello", subject="Cups")
    client.force_login(people["kim"])
    page = client.get("/settings/macros/new").content.decode()
    assert "{{customer.name}}" in page
    given = {
        "name": "Thanks",
        "audience": "all",
        "text_en": "Dear {{customer.name}}",
        "set_state": "done",
        "is_active": "on",
    }
    wrong = client.post("/settings/macros/new", {**given, "text_en": "{{oops}}"})
    assert wrong.status_code == 422
    assert "{{oops}}" in wrong.content.decode()
    assert client.post("/settings/macros/new", given).status_code == 302
    macro = Macro.objects.get()
    assert macro.actions == [["state", "done"]]
    assert "Thanks" in client.get("/settings/macros").content.decode()
    assert "Dear Ann" in client.post("/settings/macros/preview", {"text_en": "Dear {{customer.name}}"}).content.decode()
    client.post(f"/settings/macros/{macro.public_id}", {**given, "name": "Many thanks"})
    macro.refresh_from_db()
    assert macro.name == "Many thanks"
    client.force_login(people["ann"])
    assert client.get(f"/settings/macros/{macro.public_id}").status_code == 404
    assert client.post(f"/settings/macros/{macro.public_id}/remove").status_code == 404
    client.force_login(people["kim"])
    assert client.post(f"/settings/macros/{macro.public_id}/remove").status_code == 302
    assert not Macro.objects.exists()


def test_what_a_macro_set_is_set_again_by_the_draft_that_an_answer_becomes(
    people: dict[str, User], client: Client, hear: Any, outlet: Any
) -> None:
    """Taken back, its settings stand in the draft with their words, once, beside those that were chosen since."""
    client.force_login(people["ann"])
    at = f"/desk/{hear('Where is it?').conversation.public_id}"
    given = {"text": "Here.", "actions": '[["language", "zh-hans"], ["state", "done"]]'}
    told = client.post(f"{at}/send", given).json()
    begun = {"text": "And", "details": '{"actions": [{"key": "state", "value": "open", "words": "x"}]}'}
    client.post(f"{at}/draft", {"kind": "reply", **begun})
    client.post(told["undo"])
    draft = client.get(f"{at}/drafts").json()["drafts"]["reply"]
    assert draft["details"]["actions"] == [
        {"key": "language", "value": "zh-hans", "words": "Language: 中文"},
        {"key": "state", "value": "open", "words": "State: Open"},
    ]


def test_a_macro_without_a_word_is_kept_and_sets_by_itself(people: dict[str, User], client: Client, hear: Any) -> None:
    """What is chosen stands in the draft though nothing is written; done without a word, nothing is said."""
    client.force_login(people["ann"])
    row = hear("Where is it?").conversation
    chosen = '{"actions": [{"key": "language", "value": "zh-hans", "words": ""}]}'
    client.post(f"/desk/{row.public_id}/draft", {"kind": "reply", "text": " ", "details": chosen})
    kept = client.get(f"/desk/{row.public_id}/drafts").json()["drafts"]["reply"]
    assert [one["words"] for one in kept["details"]["actions"]] == ["Language: 中文"]
    told = client.post(f"/desk/{row.public_id}/note", {"text": "", "actions": '[["language", "zh-hans"]]'}).json()
    row.refresh_from_db()
    assert (told["message"], row.language, row.message_count) == (None, "zh-hans", 1)
    client.post(f"/desk/{row.public_id}/draft", {"kind": "reply", "text": "", "details": "{}"})
    assert client.get(f"/desk/{row.public_id}/drafts").json()["drafts"] == {}
