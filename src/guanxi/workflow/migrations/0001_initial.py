"""Rules and approvals."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0012_what_goes_along_with_events"),
        ("core", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="what it is for")),
                ("trigger", models.CharField(max_length=80, verbose_name="when")),
                ("offset_minutes", models.IntegerField(default=0, verbose_name="minutes after")),
                ("conditions", models.JSONField(blank=True, default=dict, verbose_name="if")),
                ("actions", models.JSONField(default=list, verbose_name="then")),
                ("is_active", models.BooleanField(default=False, verbose_name="in force")),
                ("active_since", models.DateTimeField(null=True)),
                ("order", models.PositiveIntegerField(default=100, verbose_name="order")),
                ("stops_others", models.BooleanField(default=False, verbose_name="no further rules after it")),
                (
                    "limit",
                    models.CharField(
                        choices=[("always", "every time"), ("day", "once a day"), ("once", "once only")],
                        default="always",
                        max_length=6,
                        verbose_name="for one record",
                    ),
                ),
                ("from_at", models.DateTimeField(blank=True, null=True, verbose_name="from")),
                ("until_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("version", models.PositiveIntegerField(default=1)),
                ("key", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who looks after it",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule",
                "verbose_name_plural": "rules",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["trigger", "order", "id"],
                        name="rule_of_trigger",
                    ),
                    models.Index(fields=["order", "id"], name="rule_order"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True), fields=("key",), name="rule_key_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.CharField(max_length=60, verbose_name="what for")),
                ("record_kind", models.CharField(max_length=40)),
                ("record_id", models.BigIntegerField()),
                ("amount_minor", models.BigIntegerField(null=True, verbose_name="amount")),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="words")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided on")),
                ("lapses_at", models.DateTimeField(null=True, verbose_name="lapses on")),
                ("created_at", models.DateTimeField(verbose_name="asked on")),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="in place of",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
                "indexes": [
                    models.Index(fields=["state", "-created_at", "-id"], name="approval_state"),
                    models.Index(fields=["-created_at", "-id"], name="approval_newest"),
                    models.Index(fields=["asked_by", "-id"], name="approval_asked_by"),
                    models.Index(fields=["record_kind", "record_id", "-id"], name="approval_of_record"),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["lapses_at"], name="approval_lapses"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("sort", "record_kind", "record_id"),
                        name="approval_waits_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.CharField(blank=True, max_length=60, verbose_name="what for")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("most_minor", models.BigIntegerField(verbose_name="up to")),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.role",
                        verbose_name="role",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval limit",
                "verbose_name_plural": "approval limits",
                "constraints": [
                    models.UniqueConstraint(fields=("role", "sort", "currency"), name="approval_limit_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.CharField(max_length=60, verbose_name="what for")),
                ("from_minor", models.BigIntegerField(blank=True, null=True, verbose_name="from")),
                ("to_minor", models.BigIntegerField(blank=True, null=True, verbose_name="up to")),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                (
                    "approver",
                    models.CharField(
                        choices=[
                            ("role", "anybody with a role"),
                            ("head", "the head of the department of whoever asks"),
                            ("user", "a person by name"),
                        ],
                        max_length=8,
                        verbose_name="who decides",
                    ),
                ),
                ("needs_second", models.BooleanField(default=False, verbose_name="a second person must agree too")),
                ("order", models.PositiveIntegerField(default=100, verbose_name="order")),
                ("hours", models.PositiveIntegerField(blank=True, null=True, verbose_name="hours to decide")),
                ("is_active", models.BooleanField(default=True, verbose_name="in force")),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "escalates_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.role",
                        verbose_name="then also",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.role",
                        verbose_name="role",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval policy",
                "verbose_name_plural": "approval policies",
                "indexes": [models.Index(fields=["sort", "order", "id"], name="approval_policy_sort")],
            },
        ),
        migrations.CreateModel(
            name="DepartmentHead",
            fields=[
                (
                    "department",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="core.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="head",
                    ),
                ),
            ],
            options={
                "verbose_name": "head of a department",
                "verbose_name_plural": "heads of departments",
            },
        ),
        migrations.CreateModel(
            name="Happening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("trigger", models.CharField(max_length=80)),
                ("record_kind", models.CharField(db_default="", default="", max_length=40)),
                ("record_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("event_id", models.BigIntegerField()),
                ("fields", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "happening",
                "verbose_name_plural": "happenings",
                "indexes": [
                    models.Index(fields=["trigger", "at"], name="happening_trigger"),
                    models.Index(fields=["at"], name="happening_old"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("event_id", "trigger", "record_id"), name="happening_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleClock",
            fields=[
                (
                    "rule",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="workflow.rule",
                    ),
                ),
                ("looked_until", models.DateTimeField()),
            ],
            options={
                "verbose_name": "clock of a rule",
                "verbose_name_plural": "clocks of rules",
            },
        ),
        migrations.CreateModel(
            name="Firing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("trigger", models.CharField(max_length=80)),
                ("heard", models.CharField(max_length=40)),
                ("record_kind", models.CharField(max_length=40)),
                ("record_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("fired", "Done"),
                            ("not_met", "Conditions not met"),
                            ("limited", "Done before"),
                            ("stopped_loop", "Loop stopped"),
                            ("failed", "Failed"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("why", models.JSONField(default=dict)),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workflow.rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "firing",
                "verbose_name_plural": "firings",
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="firing_newest"),
                    models.Index(fields=["rule", "-at", "-id"], name="firing_of_rule"),
                    models.Index(fields=["rule", "record_id", "outcome", "at"], name="firing_of_rule_record"),
                    models.Index(fields=["record_kind", "record_id", "-id"], name="firing_of_record"),
                ],
                "constraints": [models.UniqueConstraint(fields=("rule", "heard", "record_id"), name="firing_once")],
            },
        ),
        migrations.CreateModel(
            name="ApprovalStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "approver",
                    models.CharField(
                        choices=[
                            ("role", "anybody with a role"),
                            ("head", "the head of the department of whoever asks"),
                            ("user", "a person by name"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_second", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Not yet its turn"),
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("closed", "No longer needed"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                (
                    "approval",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="workflow.approval",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "delegated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "delegated_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "escalates_to",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.role"
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workflow.approvalpolicy",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.role"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["user", "approval"], name="approval_step_user"
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["role", "approval"], name="approval_step_role"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("due_at__isnull", False), ("escalated_at__isnull", True), ("state", "waiting")
                        ),
                        fields=["due_at"],
                        name="approval_step_due",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("approval", "number"), name="approval_step_once")],
            },
        ),
    ]
