"""The sources of the seeded parameters said more exactly, and one parameter more; rows that somebody changed stay."""

from datetime import UTC, date, datetime

from django.db import migrations

UNSURE = (
    "Compared with published copies, not with the official text: check it before you rely on it. "
    "仅与公开转载文本比对,未与官方文本核对,使用前请核实。"
)
OLD_NOTE = "Check against the text in force before you rely on it. 使用前请对照现行文本核实。"
# Key: source, what is known and what is not.
SOURCES = {
    "request.due_days": (
        "GB/T 35273-2020 8.7: 30天; 个人信息保护法 art. 50: 及时; GDPR art. 12(3): one calendar month",
        "The standard is a recommendation; the GDPR counts a calendar month and allows two more with reasons.",
    ),
    "minor.age": (
        "个人信息保护法 art. 28, 31: 不满十四周岁; GDPR art. 8: 16, or 13 to 16 by member state",
        "Under 14 in China.",
    ),
    "orders.keep_years": (
        "会计档案管理办法 (财政部、国家档案局令第79号, 2016-01-01) art. 14, 附表一: 会计凭证30年, 从会计年度终了后的第一天算起",
        "Counted from the end of the year. Books of account 30 years as well, bank statements 10.",
    ),
    "logs.keep_days": (
        "网络安全法 (2025年修正, 2026-01-01) art. 23(3), before that art. 21(3): 网络日志不少于六个月",
        "Six months is up to 184 days. The new number of the article follows from the renumbering and was not read.",
    ),
    "request.eu_months": ("GDPR art. 12(3): within one month of receipt", "A calendar month."),
    "request.eu_extension_months": (
        "GDPR art. 12(3): by two further months where necessary",
        "The person is told within the first month, with the reasons.",
    ),
    "assessment.keep_years": ("个人信息保护法 art. 56: 至少保存三年", "Report and record of processing."),
}
TRADE = (
    "trade.keep_years",
    3,
    date(2021, 1, 1),
    "CN",
    "民法典 art. 188: 诉讼时效三年; 电子商务法 art. 31 (平台经营者): 交易信息不少于三年",
    "No duty of every company: claims lapse after three years, platforms must keep who traded what for as long.",
)


def say_more(apps, schema_editor):
    """Write the sources of rows as they were seeded, and the new row."""
    model = apps.get_model("customers", "LegalParameter")
    for key, (source, remark) in SOURCES.items():
        model.objects.filter(key=key, note=OLD_NOTE, checked_on=None).update(source=source, note=f"{remark} {UNSURE}")
    model.objects.filter(key="logs.keep_days", value=180, checked_on=None).update(value=184)
    key, value, valid_from, jurisdiction, source, remark = TRADE
    model.objects.get_or_create(
        key=key,
        valid_from=valid_from,
        defaults={
            "value": value,
            "jurisdiction": jurisdiction,
            "source": source,
            "note": f"{remark} {UNSURE}",
            "created_at": datetime.now(UTC),
        },
    )


class Migration(migrations.Migration):
    """Rows, said better."""

    dependencies = [("customers", "0011_retention")]
    operations = [migrations.RunPython(say_more, migrations.RunPython.noop)]
