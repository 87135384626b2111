"""Retention: rules and the law, who may, what begins by itself, the pages."""

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import clock, jobs
from guanxi.core.actor import actor_of
from guanxi.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from guanxi.core.models import Role, RolePermission, User
from guanxi.core.retention import Ending, kinds
from guanxi.customers.models import Customer, Note, RetentionRule, RetentionRun
from guanxi.customers.privacy import legal
from guanxi.customers.privacy.retention import jobs as retention_jobs
from guanxi.customers.privacy.retention import presenting, previewing, requesting, rules, scheduling
from guanxi.customers.tests.retaining import ago, end, lone, note, previewed, set_days
from guanxi.tasks.models import Notification


def test_a_rule_shorter_than_the_law_is_refused_with_that_reason(owner):
    with pytest.raises(InvalidInput, match="网络安全法") as refused:
        set_days(owner, "sign_ins", 100)
    assert refused.value.column == "period"
    with pytest.raises(InvalidInput, match="30 years"):
        set_days(owner, "orders", 365 * 30)
    assert set_days(owner, "orders", rules.years_as_days(31)).days == rules.years_as_days(31)
    with pytest.raises(InvalidInput, match="at least 3 years"):
        set_days(owner, "inactive_people", 365)
    assert not RetentionRule.objects.filter(kind="sign_ins").exists()


def test_a_law_that_asks_for_more_than_the_rule_stops_it(owner):
    set_days(owner, "sign_ins", 400, is_automatic=True)
    legal.set_parameter(
        actor=owner, key="logs.keep_days", value=1000, valid_from=clock.today(), source="art. 1", is_checked=True
    )
    with pytest.raises(InvalidInput, match=r"art\. 1"):
        previewed(owner, "sign_ins")
    assert list(scheduling.begun_tonight()) == []


@pytest.mark.parametrize(
    "values",
    [
        {"days": 0},
        {"days": 40_000},
        {"days": -3},
        {"days": None, "is_automatic": True},
        {"notice_days": 0},
        {"notice_days": 91},
        {"basis": "x" * 301},
        {"basis": "a\x00b"},
    ],
)
def test_bad_rules_are_refused(owner, values):
    given = {"days": 400, "is_automatic": False, "notice_days": 7, "basis": "", **values}
    with pytest.raises(InvalidInput):
        rules.set_rule(actor=owner, key="notes", **given)
    assert not RetentionRule.objects.exists()


def test_without_a_period_nothing_is_previewed_and_unknown_kinds_are_not_there(owner):
    with pytest.raises(InvalidInput):
        previewing.order(actor=owner, key="notes")
    with pytest.raises(NotFound):
        previewing.order(actor=owner, key="passwords")
    with pytest.raises(NotFound):
        set_days(owner, "../notes")


def test_only_those_who_may(owner, auditor, make_seller, enter):
    note(enter("韩梅梅"), 900)
    set_days(owner, "notes")
    run = previewed(owner, "notes")
    for actor in (auditor, actor_of(make_seller("li"))):
        for act in (
            lambda actor=actor: set_days(actor, "notes", 100),
            lambda actor=actor: previewing.order(actor=actor, key="notes"),
            lambda actor=actor: requesting.confirm(actor=actor, run_id=run.pk, typed="1"),
            lambda actor=actor: requesting.stop(actor=actor, run_id=run.pk),
        ):
            with pytest.raises((Forbidden, NotFound)):
                act()
    assert Note.objects.count() == 1


def test_whoever_may_not_erase_customers_confirms_no_erasure(owner, enter):
    role = Role.objects.create(key="records", name_en="Records", name_zh="档案")
    for kind, action in (("privacy", "view"), ("privacy", "manage"), ("customer", "view")):
        RolePermission.objects.create(role=role, kind=kind, action=action, scope="all")
    clerk = actor_of(User.objects.create_user("clerk", "secret-enough", role=role))
    lone(enter("甲"))
    set_days(clerk, "inactive_people", 1200)
    run = previewed(clerk, "inactive_people")
    with pytest.raises(Forbidden):
        requesting.confirm(actor=clerk, run_id=run.pk, typed="1")
    assert end(owner, run).count == 1


def test_logs_end_every_night_without_a_word(owner):
    told = [Notification(user_id=owner.user_id, sort="mention", at=ago(days)) for days in (10, 179, 181, 900)]
    Notification.objects.bulk_create(told)
    assert retention_jobs.begin_tonight.call() >= 1
    jobs.run_pending()
    assert Notification.objects.count() == 2
    run = RetentionRun.objects.get(kind="notifications")
    assert (run.state, run.count, run.by_id) == ("done", 2, None)
    assert list(scheduling.begun_tonight()) == [], "nothing is left, so no run is made"


def test_an_automatic_kind_is_announced_and_begins_after_its_notice(owner, enter):
    note(enter("韩梅梅"), 900)
    set_days(owner, "notes", is_automatic=True, notice_days=5)
    retention_jobs.begin_tonight.call()
    jobs.run_pending()
    run = RetentionRun.objects.get(kind="notes")
    assert run.state == "announced"
    assert Notification.objects.filter(user=owner.user_id, sort="privacy.retention", about_id=run.pk).exists()
    retention_jobs.go_on_with_runs.call()
    jobs.run_pending()
    assert Note.objects.count() == 1, "its day has not come"
    RetentionRun.objects.filter(pk=run.pk).update(due_at=ago(0))
    retention_jobs.go_on_with_runs.call()
    jobs.run_pending()
    run.refresh_from_db()
    assert (run.state, Note.objects.count()) == ("done", 0)
    note(Customer.objects.get(), 900)
    assert list(scheduling.begun_tonight()) == [], "not announced again within a month"


def test_an_announced_run_is_stopped(owner, enter):
    note(enter("韩梅梅"), 900)
    set_days(owner, "notes", is_automatic=True)
    retention_jobs.begin_tonight.call()
    jobs.run_pending()
    run = RetentionRun.objects.get(kind="notes")
    requesting.stop(actor=owner, run_id=run.pk)
    RetentionRun.objects.filter(pk=run.pk).update(due_at=ago(0))
    retention_jobs.go_on_with_runs.call()
    jobs.run_pending()
    assert Note.objects.count() == 1
    with pytest.raises(Conflict):
        requesting.stop(actor=owner, run_id=run.pk)


def test_a_run_whose_job_was_lost_is_gone_on_with(owner, enter):
    note(enter("韩梅梅"), 900)
    set_days(owner, "notes")
    run = previewed(owner, "notes")
    requesting.confirm(actor=owner, run_id=run.pk, typed="1")
    retention_jobs.go_on_with_runs.call()
    jobs.run_pending()
    run.refresh_from_db()
    assert run.state == "done"


def test_the_pages(owner, enter):
    made = enter("韩梅梅")
    note(made, 900)
    web = Client()
    web.force_login(User.objects.get(pk=owner.user_id))
    assert "Notes on customers" in web.get(reverse("customers:retention")).content.decode()
    rule = reverse("customers:retention_rule", args=["notes"])
    assert web.post(rule, {"period": "abc", "unit": "days", "notice_days": "7"}).status_code == 422
    given = {"period": "2", "unit": "years", "notice_days": "7", "basis": "contract"}
    assert web.post(rule, given).status_code == 302
    assert RetentionRule.objects.get().days == rules.years_as_days(2)
    page = web.get(reverse("customers:retention_kind", args=["notes"])).content.decode()
    assert "2 years" in page
    assert "contract" in page
    answer = web.post(reverse("customers:preview_retention", args=["notes"]))
    jobs.run_pending()
    shown = web.get(answer["Location"]).content.decode()
    assert "End for good" in shown
    assert web.post(answer["Location"], {"typed": "7"}).status_code == 422
    assert web.post(answer["Location"], {"typed": "1"}).status_code == 302
    jobs.run_pending()
    assert "What ended" in web.get(answer["Location"]).content.decode()
    assert not Note.objects.exists()
    short = {"period": "10", "unit": "days"}
    refused = web.post(reverse("customers:retention_rule", args=["sign_ins"]), short)
    assert refused.status_code == 422
    assert "网络安全法" in refused.content.decode()


def test_a_sample_shows_what_the_reader_may_see(owner, enter, make_seller):
    lone(enter("甲甲甲"))
    set_days(owner, "inactive_people", 1200)
    run = previewed(owner, "inactive_people")
    assert [line[0] for line in presenting.shown(owner, run).sample] == ["甲甲甲"]
    seller = actor_of(make_seller("li"))
    assert presenting.sample(seller, run) == ([], 1)


def test_every_kind_can_be_previewed(owner):
    for key, kind in kinds.items():
        if kind.days is None:
            set_days(owner, key, rules.years_as_days(40))
        run = previewed(owner, key)
        assert run.state == "previewed", key
        assert run.expected_count == 0, key
        presenting.shown(owner, run)
    assert {kind.ending for kind in kinds} == set(Ending)
