"""Lists of holidays and make-up days: lines, JSON, the official notice; wrong ones say which line."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import calendars
from guanxi.core.actor import system_actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Operation, Role, User
from guanxi.core.models.calendars import CalendarDay
from guanxi.people.holiday_lists import read

NOTICE = """国务院办公厅关于2026年部分节假日安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""


def test_the_official_notice():
    found = {day.on: day for day in read(NOTICE, year=2026)}
    assert len(found) == 3 + 1 + 9 + 2 + 3 + 7 + 2
    assert found[date(2026, 2, 23)].title == "春节"
    assert found[date(2026, 2, 23)].works_as is None
    assert [on for on, day in found.items() if day.works_as == 0] == [
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10),
    ]  # fmt: skip


def test_a_span_over_new_year():
    assert [day.on for day in read("一、元旦：2025年12月31日至1月2日放假。", year=2025)] == [
        date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2),
    ]  # fmt: skip


def test_lines_and_json():
    lines = "date,kind,name\n2026-10-01~2026-10-07 休 国庆节\n2026/10/10,班,调休\n# a remark\n2026年9月20日 按周五上班 调休\n"
    found = {day.on: (day.works_as, day.title) for day in read(lines, year=2026)}
    assert found[date(2026, 10, 7)] == (None, "国庆节")
    assert found[date(2026, 10, 10)] == (0, "调休")
    assert found[date(2026, 9, 20)][0] == 4
    text = '{"year": 2026, "days": [{"name": "国庆节", "date": "2026-10-01", "isOffDay": true}, {"name": "国庆节", "date": "2026-10-10", "isOffDay": false}]}'
    assert [(day.on.day, day.works_as) for day in read(text, year=2026)] == [(1, None), (10, 0)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No date"), ("2026-02-30 休", "no such date"), ("2026-10-01 休\nnonsense", "Line 2"), ("{", "JSON"),
        ('[{"date": 5}]', "JSON"), ("2026-10-07~2026-10-01 休", "not possible"), ("x" * 300_000, "too long"), ("[" * 5000, "JSON"),
        ("2026-01-01~2026-12-31 休", "not possible"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(text, words):
    with pytest.raises(InvalidInput, match=words):
        read(text, year=2026)


@pytest.mark.django_db
def test_a_list_is_taken_into_a_calendar_as_one_operation():
    office = dict.fromkeys(range(5), ((540, 1080),))
    row = calendars.save_calendar(actor=system_actor(), name="公司", zone="Asia/Shanghai", weekly=office)
    web = Client()
    web.force_login(User.objects.create(username="eva", role=Role.objects.get(key="manager"), language="en"))
    address = reverse("people:take_calendar_list", args=[row.pk])
    before = Operation.objects.count()
    assert web.post(address, {"text": NOTICE, "year": "2026"}).status_code == 302
    assert CalendarDay.objects.filter(calendar=row).count() == 27
    assert Operation.objects.count() == before + 1
    loaded = calendars.load(row.pk)
    assert loaded.windows_on(date(2026, 10, 10)) == ((540, 1080),)
    assert loaded.windows_on(date(2026, 10, 1)) == ()
    wrong = web.post(address, {"text": "2026-10-01 休\nnonsense", "year": "2026"})
    assert wrong.status_code == 422
    assert "nonsense" in wrong.content.decode()
    web.force_login(User.objects.create(username="ann", role=Role.objects.get(key="agent"), language="en"))
    assert web.post(address, {"text": NOTICE, "year": "2026"}).status_code == 404
