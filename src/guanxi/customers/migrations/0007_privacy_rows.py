"""The purposes and the legal parameters every company starts with; rows, to be changed and added to."""

from datetime import UTC, date, datetime

from django.db import migrations

PURPOSES = (
    ("service", "Service and fulfilment", "服务与履约", "contract", False),
    ("marketing", "Marketing and offers", "营销与优惠信息", "consent", False),
    ("survey", "Satisfaction surveys", "满意度调查", "consent", False),
    ("profiling", "Profiling and automated decisions", "画像与自动化决策", "interest", False),
    ("sensitive", "Sensitive personal information", "敏感个人信息", "consent", True),
    ("minors", "Data of minors, by their guardian", "未成年人信息（由监护人同意）", "consent", True),
    ("third_party", "Passing on to other companies", "向其他个人信息处理者提供", "consent", True),
    ("transfer_abroad", "Transfer abroad", "向境外提供", "consent", True),
)
CHECK = "Check against the text in force before you rely on it. 使用前请对照现行文本核实。"
PARAMETERS = (
    ("request.due_days", 30, date(2020, 10, 1), "CN", "GB/T 35273-2020 8.7; GDPR art. 12(3): one month"),
    ("minor.age", 14, date(2021, 11, 1), "CN", "个人信息保护法 art. 28, 31; GDPR art. 8: 16, or 13 to 16 by member state"),
    ("orders.keep_years", 30, date(2016, 1, 1), "CN", "会计档案管理办法 (财政部、国家档案局令第79号), 附表: 原始凭证30年; 电子商务法 art. 31: 3 years"),
    ("logs.keep_days", 180, date(2017, 6, 1), "CN", "网络安全法 art. 21(3): 六个月"),
    ("assessment.keep_years", 3, date(2021, 11, 1), "CN", "个人信息保护法 art. 56"),
)


def make_rows(apps, schema_editor):
    """Write the rows that are not there yet."""
    purpose_model = apps.get_model("customers", "Purpose")
    for position, (key, english, chinese, basis, separate) in enumerate(PURPOSES, 1):
        purpose_model.objects.get_or_create(
            key=key,
            defaults={
                "name_en": english,
                "name_zh": chinese,
                "basis": basis,
                "needs_separate": separate,
                "position": position * 10,
                "is_builtin": True,
            },
        )
    parameter_model = apps.get_model("customers", "LegalParameter")
    for key, value, valid_from, jurisdiction, source in PARAMETERS:
        parameter_model.objects.get_or_create(
            key=key,
            valid_from=valid_from,
            defaults={
                "value": value,
                "jurisdiction": jurisdiction,
                "source": source,
                "note": CHECK,
                "created_at": datetime.now(UTC),
            },
        )


class Migration(migrations.Migration):
    """Rows to begin with."""

    dependencies = [("customers", "0006_privacy")]
    operations = [migrations.RunPython(make_rows, migrations.RunPython.noop)]
