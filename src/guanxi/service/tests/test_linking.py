"""What cases stand with: parts, linked records, a conversation; from the page, by the rules, and a split brings its own."""

import re

import pytest
from django.test import Client

from guanxi.catalog.models import Product
from guanxi.conversations.services.arranging import split_conversation
from guanxi.conversations.services.desk import open_conversation
from guanxi.core import changes, events
from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.models import Operation, User
from guanxi.customers.services.customers import create_customer
from guanxi.routing.models import WorkItem
from guanxi.routing.public import WorkState
from guanxi.search.public import refresh
from guanxi.service.choices import CaseState
from guanxi.service.models import Case, CaseClock, CaseLink
from guanxi.service.public import open_case, open_for_message, set_state, update_case
from guanxi.service.services.talks import settle_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, ann: Actor) -> Client:
    """Ann's browser."""
    client.force_login(User.objects.get(pk=ann.user_id))
    return client


def page(client: Client, case: Case) -> str:
    """The page of a case."""
    return client.get(f"/cases/{case.public_id}/").content.decode()


def test_a_case_is_linked_and_unlinked_on_its_page(signed_in: Client, ann: Actor) -> None:
    """To a product, to another case, as a part and as the whole; each can be taken away and undone."""
    zoe = create_customer(actor=system_actor(), values={"name": "Zoe"})
    whole, case, part = (
        open_case(actor=ann, values={"subject": subject, "customer": zoe.pk})
        for subject in ("Kitchen flooded", "Kettle leaks", "Floor to be dried")
    )
    vase = Product.objects.create(source="shop", code="V-17", name="Blue vase")
    where = f"/cases/{case.public_id}/link"
    assert "Floor to be dried" in signed_in.get(where).content.decode(), "other cases of the customer are offered"
    refresh("product", [vase.pk])
    found = signed_in.get(f"{where}/find?q=V-17").content.decode()
    (about,) = re.findall(r'value="(product:[^"]+)"', found)
    for sent in (
        {"how": "concerns", "about": about},
        {"how": "part_of", "about": f"case:{whole.public_id}"},
        {"how": "has_part", "about": f"case:{part.public_id}"},
    ):
        assert signed_in.post(where, sent).status_code == 302
    text = page(signed_in, case)
    assert all(words in text for words in ("Blue vase", "Kitchen flooded", "Floor to be dried"))
    assert "Kettle leaks" in signed_in.get(f"/ui/cards/product/{vase.pk}").content.decode()
    for sent, words in (
        ({"how": "concerns", "about": ""}, "Choose what it is linked to."),
        ({"how": "concerns", "about": f"case:{case.public_id}"}, "A case cannot concern this."),
        ({"how": "has_part", "about": about}, "Only a case is part of a case."),
        ({"how": "part_of", "about": f"case:{part.public_id}"}, "A case cannot be part of itself."),
    ):
        answer = signed_in.post(where, sent)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    for what in ("parent", f"part:{part.public_id}", str(CaseLink.objects.get().pk)):
        assert signed_in.post(f"/cases/{case.public_id}/unlink", {"what": what}).status_code == 302
    assert not CaseLink.objects.exists()
    assert not Case.objects.filter(parent__isnull=False).exists()
    assert not Case.objects.filter(product__isnull=False).exists()
    assert signed_in.post(f"/cases/{case.public_id}/unlink", {"what": "7"}).status_code == 404


def test_a_case_is_about_the_first_product_that_it_is_linked_to(signed_in: Client, ann: Actor) -> None:
    """What figures and looks back go by; the next takes its place; one that a program set shows and can be taken away."""
    case = open_case(actor=ann, values={"subject": "Kettle leaks"})
    vase, kettle, jug = (
        Product.objects.create(source="shop", code=name, name=name) for name in ("Blue vase", "Kettle", "Jug")
    )
    where = f"/cases/{case.public_id}"
    for product in (kettle, vase):
        sent = {"how": "concerns", "about": f"product:{product.public_id}"}
        assert signed_in.post(f"{where}/link", sent).status_code == 302
    case.refresh_from_db()
    assert case.product == kettle
    assert page(signed_in, case).count(">Kettle</a>") == 1
    first = CaseLink.objects.get(about_id=kettle.pk)
    assert signed_in.post(f"{where}/unlink", {"what": str(first.pk)}).status_code == 302
    case.refresh_from_db()
    assert case.product == vase
    taken_away = Operation.objects.filter(name="service.unlink_record").latest("pk")
    changes.undo_operation(actor=ann, operation_id=taken_away.pk)
    case.refresh_from_db()
    assert case.product == kettle
    update_case(actor=ann, case_id=case.pk, values={"product": jug.pk})
    assert all(f">{name}</a>" in page(signed_in, case) for name in ("Jug", "Kettle", "Blue vase"))
    assert signed_in.post(f"{where}/unlink", {"what": "product"}).status_code == 302
    case.refresh_from_db()
    assert case.product is None


def test_a_new_case_is_opened_as_a_part_or_about_a_record(signed_in: Client, ann: Actor) -> None:
    """With the customer of the whole."""
    zoe = create_customer(actor=system_actor(), values={"name": "Zoe"})
    whole = open_case(actor=ann, values={"subject": "Kitchen flooded", "customer": zoe.pk})
    vase = Product.objects.create(source="shop", code="V-17", name="Blue vase")
    sent = {
        "subject": "Dry the floor", "case_type": "repair", "impact": "1", "urgency": "2", "parent": whole.public_id,
        "about": f"product:{vase.public_id}",
    }  # fmt: skip
    assert signed_in.post("/cases/new", sent).status_code == 302
    made = Case.objects.get(subject="Dry the floor")
    assert (made.parent, made.customer) == (whole, zoe)
    assert made.links.values_list("about_kind", "about_id").get() == ("product", vase.pk)
    assert made.product == vase


def test_a_case_is_settled_in_a_conversation_and_its_clocks_follow(signed_in: Client, ann: Actor, hear) -> None:
    """One that was opened by hand goes on where its customer wrote; never beside another live case, nor with another customer."""
    heard = hear("The kettle leaks")
    case = open_case(actor=ann, values={"subject": "Kettle", "customer": heard.conversation.customer_id})
    assert set(CaseClock.objects.filter(case=case).values_list("sort", flat=True)) == {"solution"}
    later = hear("It still leaks", conversation_id=heard.conversation.pk)
    where = f"/cases/{case.public_id}/conversation"
    assert heard.conversation.public_id in signed_in.get(where).content.decode()
    assert signed_in.post(where, {"conversation": heard.conversation.public_id}).status_code == 302
    case.refresh_from_db()
    assert (case.conversation_id, case.waiting_since) == (heard.conversation.pk, heard.message.at)
    clock = CaseClock.objects.get(case=case, sort="first_answer")
    assert clock.started_at == later.message.at.replace(microsecond=0)
    other = open_case(actor=ann, values={"subject": "Other", "customer": case.customer_id})
    with pytest.raises(InvalidInput, match="has an open case"):
        settle_in(actor=ann, case_id=other.pk, conversation_id=heard.conversation.pk)
    stranger = hear("Hello", "max@example.org")
    with pytest.raises(InvalidInput, match="another customer"):
        settle_in(actor=ann, case_id=other.pk, conversation_id=stranger.conversation.pk)
    settle_in(actor=ann, case_id=case.pk, conversation_id=None)
    assert not CaseClock.objects.filter(case=case, sort="first_answer").exists()
    set_state(actor=ann, case_id=other.pk, state=CaseState.CLOSED)
    with pytest.raises(Conflict):
        settle_in(actor=ann, case_id=other.pk, conversation_id=heard.conversation.pk)


def test_the_unanswered_part_of_a_split_is_a_case_of_its_own(ann: Actor, hear) -> None:
    """And the undo of the split takes it back; what was answered or is nobody's matter opens none."""
    first = hear("About cups", message_id="<a@x>")
    case = open_for_message(actor=ann, message_id=first.message.pk)
    second = hear("And about plates", in_reply_to="<a@x>", subject="Plates")
    events.deliver_pending()
    new, operation = split_conversation(actor=ann, message_id=second.message.pk)
    made = Case.objects.get(conversation=new)
    assert (made.subject, made.opened_at, made.waiting_since) == ("Plates", second.message.at, second.message.at)
    assert CaseClock.objects.filter(case=made, sort="first_answer").exists()
    events.deliver_pending()
    open_conversation(actor=ann, conversation=new)
    item = WorkItem.objects.get(record_kind="conversation", record_id=new.pk)
    changes.undo_operation(actor=ann, operation_id=operation)
    events.deliver_pending()
    item.refresh_from_db()
    assert item.state == WorkState.ENDED
    assert WorkItem.objects.filter(state=WorkState.WAITING).values_list("record_id", "needs_answer").get() == (
        first.conversation.pk, True,
    )  # fmt: skip
    assert list(Case.objects.values_list("pk", "conversation")) == [(case.pk, first.conversation.pk)]


def test_a_case_that_is_part_of_one_unseen_does_not_tell_of_it(client: Client, ann: Actor) -> None:
    """Its subject is not shown to those who may not see it."""
    whole = open_case(actor=system_actor(), values={"subject": "Secret matter"})
    part = open_case(actor=system_actor(), values={"subject": "Plain", "parent": whole.pk, "owner": ann.user_id})
    user = User.objects.get(pk=ann.user_id)
    user.role.permissions.filter(kind="case").update(scope="own")
    client.force_login(user)
    assert "Secret matter" not in page(client, part)
