"""The list keeps its SQL and the markup around its rows; what it shows is what is so at this moment all the same."""

import pytest
from django.test import Client

from guanxi.core.models import CustomField, RolePermission, User
from guanxi.ui.models import SavedView


@pytest.fixture
def visit(owner):
    """Fetch the list as somebody, in a language."""

    def get(who: str = "boss", query: str = "", language: str = "en") -> str:
        """The page's HTML."""
        client = Client(headers={"accept-language": language})
        client.force_login(User.objects.get(username=who))
        answer = client.get(f"/customers/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_rows_are_those_of_now_and_safe(visit, enter):
    made = enter("李雷")
    assert "李雷" in visit()
    made.name = "<script>alert(1)</script>"
    made.save()
    drawn = visit()
    assert "<script>alert" not in drawn
    assert "&lt;script&gt;alert(1)" in drawn
    enter("韩梅梅")
    assert "韩梅梅" in visit()


def test_each_sees_their_own_and_a_narrower_right_counts_at_once(visit, enter, make_seller):
    anna, ben = make_seller("anna"), make_seller("ben")
    enter("Anna's", owner=anna.pk)
    enter("Ben's", owner=ben.pk)
    for _again in range(2):
        assert "Anna&#x27;s" in visit("anna")
        assert "Ben&#x27;s" not in visit("anna")
        assert "Ben&#x27;s" in visit("ben")
        assert "Anna&#x27;s" not in visit("ben")
    assert "/customers/new" in visit("anna")
    assert 'data-bulk="assign"' in visit("anna")
    RolePermission.objects.filter(kind="customer", action__in=["create", "change"]).delete()
    assert "/customers/new" not in visit("anna")
    assert 'data-bulk="assign"' not in visit("anna")


def test_views_and_own_fields_of_now_stand_around_the_rows(visit, enter, owner):
    made = enter("李雷")
    made.custom = {"size": "12"}
    made.save()
    assert "My best" not in visit()
    view = SavedView.objects.create(list_key="customers", name="My best", owner_id=owner.user_id)
    assert "My best" in visit()
    SavedView.objects.filter(pk=view.pk).update(name="<b>best</b>")
    assert "&lt;b&gt;best&lt;/b&gt;" in visit()
    field = CustomField.objects.create(kind="customer", key="size", label_en="Size", label_zh="尺码", type="text")
    assert "Size" in visit(query="?cols=custom_size")
    assert ">12<" in visit(query="?cols=custom_size")
    CustomField.objects.filter(pk=field.pk).update(label_en="Girth")
    drawn = visit(query="?cols=custom_size")
    assert "Girth" in drawn
    assert 'data-l="Size"' not in drawn
    assert "尺码" in visit(query="?cols=custom_size", language="zh-CN")
    CustomField.objects.filter(pk=field.pk).update(is_active=False)
    assert "Girth" not in visit(query="?cols=custom_size")


def test_order_and_columns_are_kept_apart(visit, enter):
    for name in ("Cara", "Abel", "Bela"):
        enter(name)
    up, down = visit(query="?sort=name"), visit(query="?sort=-name")
    assert up.index("Abel") < up.index("Bela") < up.index("Cara")
    assert down.index("Cara") < down.index("Bela") < down.index("Abel")
    assert "Place in the chain" in visit(query="?cols=position")
    assert 'data-l="Place in the chain"' not in visit(query="?cols=city")
    assert visit(query="?sort=last_order").index("Abel") > 0


def test_the_bar_at_the_top_names_the_person_who_asks(visit, make_seller):
    make_seller("anna")
    for _again in range(2):
        assert "老板" in visit()
        assert "老板" not in visit("anna")
        assert ">anna<" in visit("anna")
