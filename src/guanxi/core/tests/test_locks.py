"""Named locks: one holder at a time, taken over from the dead, noticed by those who lost them."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from guanxi.core import clock, locks
from guanxi.core.errors import Busy
from guanxi.core.models.locks import Lock


@pytest.mark.django_db
def test_a_held_lock_is_busy_and_says_with_what_and_is_free_afterwards():
    with locks.hold("import:orders", about="orders.csv"):
        with pytest.raises(Busy, match=r"orders\.csv"), locks.hold("import:orders"):
            pass
        with locks.hold("import:customers"):
            pass
    with locks.hold("import:orders") as lock:
        lock.check()
    assert not Lock.objects.exists()


@pytest.mark.django_db
def test_a_lock_is_let_go_when_the_work_fails():
    with pytest.raises(ZeroDivisionError), locks.hold("x"):
        1 / 0  # noqa: B018
    with locks.hold("x"):
        pass


@pytest.mark.django_db
def test_a_lapsed_lock_is_taken_over_and_its_old_holder_learns_of_it():
    with locks.hold("x") as old:
        old.check()
        Lock.objects.update(lease_until=clock.now() - timedelta(seconds=1))
        with locks.hold("x") as new:
            with pytest.raises(locks.LostLock):
                old.check()
            new.check()
            # What the old holder does on leaving must not free the new one's lock.
            old.release()
            new.check()
            assert Lock.objects.get().holder == new.holder


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_kept_alive_beside_the_work():
    with locks.hold("x", lease_seconds=0.6) as lock:
        time.sleep(1.2)
        lock.check()
        with pytest.raises(Busy), locks.hold("x"):
            pass
    assert not Lock.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_gets_the_lock():
    got, refused = [], []
    start, finish = threading.Barrier(4), threading.Barrier(4)

    def ask():
        start.wait()
        try:
            with locks.hold("x"):
                got.append(1)
                finish.wait()
        except Busy:
            refused.append(1)
            finish.wait()
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got), len(refused)) == (1, 3)


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_not_taken_inside_a_transaction():
    with pytest.raises(RuntimeError), transaction.atomic(), locks.hold("x"):
        pass
