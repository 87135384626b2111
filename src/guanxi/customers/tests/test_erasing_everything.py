"""Nothing of an erased person stands anywhere: every kind of row, every place, the journal, search, files."""

import pytest

from guanxi.core import jobs
from guanxi.core.erasing import erasers
from guanxi.core.models import Change
from guanxi.customers.models import Customer, Erasure
from guanxi.customers.privacy import holdings
from guanxi.customers.privacy.erasing import requesting
from guanxi.customers.tests.whole_person import NAME, PLACES, WholePerson, dumped, in_files, standing
from guanxi.search.models import SearchEntry
from guanxi.search.public import search


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    """A data folder of the test's own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()


def everything_is_there(whole):
    """Nothing is missed that was never there: every kind, every further place, every word."""
    assert whole.kinds == {statement.label for statement in holdings.statements()}
    for statement in holdings.statements():
        assert holdings.rows_of(statement, whole.person.customer_ids).exists(), statement.label
    missing = set(erasers.keys()) - set(PLACES)
    assert not missing, f"whole_person.PLACES makes nothing for {sorted(missing)}"
    assert [key for key, eraser in erasers.items() if not eraser.count(whole.person)] == []
    text, files = dumped(), " ".join(in_files(whole.words))
    assert [word for word in whole.words if word not in text and word not in files] == []
    assert len(whole.words) > 100


def test_nothing_stands_anywhere_afterwards(owner, django_capture_on_commit_callbacks):
    whole = WholePerson(owner)
    everything_is_there(whole)
    person = whole.person
    with django_capture_on_commit_callbacks(execute=True):
        erasure = requesting.request_erasure(
            actor=owner, customer_id=whole.customer.pk, typed=whole.customer.public_id, reason="letter"
        )
        jobs.run_pending()
    erasure.refresh_from_db()
    assert erasure.state == "done", erasure.error
    assert standing(whole.words) == []
    assert in_files(whole.words) == []
    assert [key for key, eraser in erasers.items() if eraser.count(person)] == []
    assert search(actor=owner, text=NAME) == []
    assert not SearchEntry.objects.filter(tokens__contains=NAME[:2]).exists()
    assert Customer.everything.filter(pk__in=person.customer_ids, erased_at__isnull=False).count() == 2
    # What was done in the same acts to the other customer stands; of the person nothing but that it was done.
    city = Change.objects.filter(kind="customer", field="city", operation__name="customers.bulk_update")
    assert list(city.filter(record_id=whole.other.pk).order_by("pk").values_list("after", flat=True)) == [
        "同城一",
        "同城二",
    ]
    assert set(city.filter(record_id=whole.customer.pk).values_list("after", flat=True)) == {None}
    assert Customer.objects.get(pk=whole.other.pk).city == "同城二"
    assert Erasure.objects.count() == 2, "the proof itself, and the one that was made up"
