"""The desk asks the database as often for many conversations as for few."""

import pytest
from django.test import Client

from guanxi.conversations.models import Conversation
from guanxi.core.actor import console_actor
from guanxi.core.models import Role, User
from guanxi.demo.seeding.services import seed_base
from guanxi.demo.seeding.talking import seed_talks
from guanxi.project.bench import plans

pytestmark = pytest.mark.django_db(transaction=True)
PART = {"HX-Request": "true", "GX-Part": "list"}
MOST = {"/desk/?view=open": 14, "/desk/?view=done": 14, "/desk/counts": 14, "/cases/": 10}
# The whole page: the list, and one conversation open beside it.
MOST_OF_ONE = {"": 36, "side": 22, "news": 14}


def test_lists_and_conversations_need_few_statements() -> None:
    """No row of a list and no message asks anything of its own."""
    user = User.objects.create_user("ann", "secret-password-1", role=Role.objects.get(key="agent"))
    seed_base(actor=console_actor(), customers=40, orders_per_customer=0)
    seed_talks(actor=console_actor(), conversations=500, messages_each=6)
    client = Client(headers=PART)
    client.force_login(user)
    one = Conversation.objects.filter(state="open").order_by("-message_count").first()
    assert one is not None
    own = {f"/desk/{one.public_id}/{part}": most for part, most in MOST_OF_ONE.items()}
    needed = {}
    for path in MOST | own:
        client.get(path)
        with plans.statements() as reads:
            assert client.get(path).status_code == 200
        needed[path] = len(reads)
    assert {path: count for path, count in needed.items() if count > (MOST | own)[path]} == {}, needed
