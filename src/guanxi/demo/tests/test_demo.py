"""The demo company: real trade, invented people, brought once through the doors every user takes."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.db.models import Sum

from guanxi.commerce.models import Order, OrderLine
from guanxi.core import jobs, parameters
from guanxi.core.actor import system_actor
from guanxi.core.errors import ConfigurationError
from guanxi.core.models import Change, Operation, Role, User
from guanxi.customers.duplicates import looking_up
from guanxi.customers.models import CoreCard, Customer, DuplicatePair, ExternalId, Relation, Standing, VisitRecord
from guanxi.demo import public, services, stories, users
from guanxi.demo.tests.test_desk import check_that_the_desk_has_been_at_work
from guanxi.importing.models import Import
from guanxi.people.history.reading import set_back
from guanxi.people.public import set_password
from guanxi.search.public import search
from guanxi.service.models import Case
from guanxi.ui.models import SavedView


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep passwords and files of these tests apart."""
    settings.DATA_DIR = tmp_path
    monkeypatch.delenv("GUANXI_DEMO_PASSWORD", raising=False)


def said() -> list[str]:
    """What setting up says."""
    lines: list[str] = []
    public.set_up(say=lines.append)
    return lines


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_the_company_is_brought_once_and_is_what_it_says(tmp_path: Path) -> None:
    """Complete histories, reconciled money, stories in place, everybody found, a second set-up changes nothing."""
    first = said()
    assert Customer.objects.count() == 352 + len(stories.TWICE)
    assert Standing.objects.filter(order_count__gt=0).count() == 340
    assert Import.objects.filter(state="in_force", rows_refused=0).count() == 2
    orders = Import.objects.get(target="orders")
    assert OrderLine.objects.count() == orders.rows_stored == orders.rows_read
    assert OrderLine.objects.aggregate(n=Sum("amount_minor"))["n"] == orders.amount_minor
    by_id = {e.value: e.customer for e in ExternalId.objects.select_related("customer__standing")}
    best = by_id["14646"].standing
    assert (Decimal(best.net_revenue_minor) / 100, best.tier) == (Decimal("279489.02"), "vip")
    assert [(by_id[n].standing.net_revenue_minor, by_id[n].standing.tier) for n in ("12346", "16446")] == [
        (0, "small"),
        (290, "small"),
    ]
    assert Order.objects.filter(customer=None).exists()
    assert Order.objects.filter(kind="return").exists()
    assert all("虚构" in note for note in Customer.objects.values_list("note", flat=True))
    assert (
        Relation.objects.count(),
        CoreCard.objects.count(),
        VisitRecord.objects.count(),
        SavedView.objects.count(),
    ) == (18, 4, 8, 3)
    assert not Customer.objects.filter(owner=None).exists()
    check_that_the_desk_has_been_at_work()
    # The history of a customer is told from its beginning on, as if all had been written when it happened.
    written = Change.objects.filter(customer_id=Case.objects.filter(customer__isnull=False).latest("pk").customer_id)
    acts = list(Operation.objects.filter(pk__in=written.values("operation")))
    assert len(acts) > 3
    assert not set_back(acts)
    jobs.run_pending()
    # The copies that the desks entered are found, each beside its original.
    for _by, number, values, _point in stories.TWICE:
        copy = Customer.objects.get(name=values["name"])
        looking_up.recheck(copy.pk)
        assert DuplicatePair.objects.get(first=by_id[number], second=copy).score > 0.9, values["name"]
    assert search(actor=system_actor(), text="欧阳")[0].title == "欧阳俊"
    counts = Customer.objects.count(), Import.objects.count(), User.objects.count(), OrderLine.objects.count()
    assert said() == first[-len(users.COLLEAGUES) - 2 :]
    assert (Customer.objects.count(), Import.objects.count(), User.objects.count(), OrderLine.objects.count()) == counts
    assert not services.install()


@pytest.mark.django_db(transaction=True)
def test_a_set_up_cut_short_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done stays done; what was not is done by the next start."""

    def killed(_actor: object) -> None:
        raise KeyboardInterrupt

    # The desk takes longest and has a test of its own.
    monkeypatch.delitem(services.STEPS, "desk")
    sentence, _step, is_import = services.STEPS["stories"]
    with monkeypatch.context() as patch:
        patch.setitem(services.STEPS, "stories", (sentence, killed, is_import))
        with pytest.raises(KeyboardInterrupt):
            services.install()
    assert not services.is_installed()
    assert services.install()
    assert services.is_installed()
    assert (Customer.objects.count(), Relation.objects.count(), Import.objects.count()) == (356, 18, 2)


@pytest.mark.django_db
class TestPasswords:
    """They are made here, kept privately, told again, and never anybody else's."""

    def test_made_here_kept_and_told_again(self, tmp_path: Path) -> None:
        """Each account signs in with the password told; the file is private; nothing is the same elsewhere."""
        accounts = users.bring_accounts(system_actor())
        assert {account.role for account in accounts} == {"owner", "manager", "agent", "analyst", "auditor"}
        assert len({account.password for account in accounts}) == len(accounts)
        assert all(authenticate(username=a.username, password=a.password) for a in accounts)
        file = tmp_path / "demo-users.json"
        assert file.stat().st_mode & 0o777 == 0o600
        assert users.bring_accounts(system_actor()) == accounts
        assert all(a.password in line for a, line in zip(accounts, users.told(accounts), strict=True))

    def test_a_lost_file_means_new_passwords(self, tmp_path: Path) -> None:
        """Whatever became of it."""
        before = users.bring_accounts(system_actor())
        for content in (None, "{broken", json.dumps({"users": [{"x": 1}]})):
            (tmp_path / "demo-users.json").unlink()
            if content is not None:
                (tmp_path / "demo-users.json").write_text(content)
            after = users.bring_accounts(system_actor())
            assert not {a.password for a in before} & {a.password for a in after}
            assert all(authenticate(username=a.username, password=a.password) for a in after)

    def test_one_for_all_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Set, taken away again, and refused with a sentence when it is weak."""
        users.bring_accounts(system_actor())
        monkeypatch.setenv("GUANXI_DEMO_PASSWORD", "moon-over-the-harbour")
        accounts = users.bring_accounts(system_actor())
        assert {a.password for a in accounts} == {"moon-over-the-harbour"}
        assert all(authenticate(username=a.username, password=a.password) for a in accounts)
        monkeypatch.setenv("GUANXI_DEMO_PASSWORD", "123")
        with pytest.raises(ConfigurationError, match="GUANXI_DEMO_PASSWORD"):
            users.bring_accounts(system_actor())

    def test_a_password_changed_by_its_user_is_left_alone(self) -> None:
        """It is no longer told either."""
        accounts = users.bring_accounts(system_actor())
        user = User.objects.get(username="agent")
        own = set_password(actor=system_actor(), user_id=user.pk)
        again = users.bring_accounts(system_actor())
        assert authenticate(username="agent", password=own)
        line = next(line for line in users.told(again) if line.strip().startswith("agent "))
        assert own not in line
        assert accounts[2].password not in line

    def test_somebody_elses_account_is_not_taken_over(self) -> None:
        """A user who already has the name keeps it, and the password."""
        theirs = User.objects.create_user("owner", "their-own-password", role=Role.objects.get(key="owner"))
        accounts = users.bring_accounts(system_actor())
        theirs.refresh_from_db()
        assert theirs.check_password("their-own-password")
        assert accounts[0].username == "demo-owner"
        assert parameters.get(users.MADE)["owner"] != theirs.pk
