"""A backup from before an erasure, restored with the list of erasures: the person is nowhere in what comes back."""

import os
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from guanxi.core import jobs
from guanxi.core.backup import keys, restoring, writing
from guanxi.core.backup.keys import Keys, Locks
from guanxi.core.models import Change
from guanxi.core.tests.test_backup_restore import empty_postgres, empty_sqlite
from guanxi.customers.models import Customer
from guanxi.customers.privacy.erasing import listing, requesting
from guanxi.customers.tests.whole_person import NAME, WholePerson, dumped, in_files, standing
from guanxi.search.public import search

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.full,
    pytest.mark.usefixtures("schema_at_hand"),
]


@pytest.fixture(autouse=True)
def _beginning(settings, tmp_path, monkeypatch):
    """A data folder of the test's own, and the rows that a test with real transactions finds gone."""
    monkeypatch.setattr(keys, "SCRYPT_COST", 4)
    settings.DATA_DIR = tmp_path / "before"
    settings.DATA_DIR.mkdir(mode=0o700)
    for name in ("0007_privacy_rows", "0010_data_request_rows"):
        import_module(f"guanxi.customers.migrations.{name}").make_rows(apps, None)


def elsewhere(request, tmp_path, vendor):
    """An empty installation on a kind of database."""
    if vendor == "sqlite":
        return empty_sqlite(tmp_path)
    return empty_postgres(request.getfixturevalue("postgres_cluster"), f"erased_{os.getpid()}_{os.urandom(3).hex()}")


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_the_person_is_nowhere_in_what_was_restored(owner, request, tmp_path, settings, vendor):
    place = elsewhere(request, tmp_path, vendor)
    whole = WholePerson(owner)
    backup, erasures = tmp_path / "old.backup", tmp_path / "erasures.jsonl"
    writing.make(backup, locks=Locks())
    erasure = requesting.request_erasure(
        actor=owner, customer_id=whole.customer.pk, typed=whole.customer.public_id, reason="letter"
    )
    jobs.run_pending()
    erasure.refresh_from_db()
    assert erasure.state == "done", erasure.error
    assert listing.write(erasures) == 2
    assert [word for word in whole.words if word in erasures.read_text()] == []
    settings.DATA_DIR = tmp_path / "after"
    settings.DATA_DIR.mkdir(mode=0o700)
    with place:
        assert connection.vendor == vendor
        restoring.restore(backup, keys=Keys(), erasures=erasures)
        jobs.run_pending()
        assert standing(whole.words) == []
        assert in_files(whole.words) == []
        assert search(actor=owner, text=NAME) == []
        erased = Customer.everything.filter(pk__in=(whole.customer.pk, whole.absorbed.pk))
        assert all(customer.erased_at is not None for customer in erased)
        city = Change.objects.filter(kind="customer", field="city", operation__name="customers.bulk_update")
        assert "同城一" in city.filter(record_id=whole.other.pk).values_list("after", flat=True)
        assert set(city.filter(record_id=whole.customer.pk).values_list("after", flat=True)) == {None}
        # The same again finds nothing more to do.
        before = dumped()
        from guanxi.customers.privacy.erasing.acting import replay_erasures

        assert replay_erasures(erasures) == 0
        assert dumped() == before


def test_without_the_list_the_old_backup_brings_the_person_back(owner, request, tmp_path, settings):
    """What the list is for."""
    whole = WholePerson(owner)
    writing.make(tmp_path / "old.backup", locks=Locks())
    settings.DATA_DIR = tmp_path / "after"
    settings.DATA_DIR.mkdir(mode=0o700)
    with elsewhere(request, tmp_path, connection.vendor):
        restoring.restore(tmp_path / "old.backup", keys=Keys())
        assert NAME in " ".join(standing(whole.words))
