"""Cases, clocks, complaints, promises, moments of truth."""

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("conversations", "0003_agents_have_macros"),
        ("core", "0012_what_goes_along_with_events"),
        ("core", "__first__"),
        ("customers", "0015_prospects"),
        ("files", "0001_initial"),
        ("importing", "0004_faults_and_erased"),
        ("routing", "0002_roles_have_queues"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("path", models.CharField(blank=True, editable=False, max_length=200)),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="service.casecategory",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "category of cases",
                "verbose_name_plural": "categories of cases",
                "ordering": ["position", "name", "id"],
                "indexes": [models.Index(fields=["path"], name="case_category_path")],
                "constraints": [
                    models.UniqueConstraint(fields=("parent", "name"), name="case_category_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("parent__isnull", True)), fields=("name",), name="case_category_root_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MomentCriterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("tone", "Set the tone"),
                            ("diagnose", "Diagnose"),
                            ("solve", "Solve"),
                            ("sum_up", "Sum up"),
                            ("follow", "Follow through"),
                        ],
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                (
                    "case_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("enquiry", "Enquiry"),
                            ("request", "Request"),
                            ("repair", "Repair"),
                            ("complaint", "Complaint"),
                            ("grievance", "Grievance"),
                            ("suggestion", "Suggestion"),
                            ("praise", "Praise"),
                            ("order", "Order"),
                            ("follow_up", "Follow-up"),
                        ],
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="what is asked")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "criterion of a moment of truth",
                "verbose_name_plural": "criteria of moments of truth",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="ResponsibleUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("is_outside", models.BooleanField(default=False, verbose_name="outside the company")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "department",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "import_run",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="importing.import",
                    ),
                ),
            ],
            options={
                "verbose_name": "responsible unit",
                "verbose_name_plural": "responsible units",
                "ordering": ["is_outside", "name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        fields=("name", "is_outside"),
                        name="responsible_unit_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Cause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(blank=True, editable=False, max_length=40)),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("path", models.CharField(blank=True, editable=False, max_length=200)),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="service.cause",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "cause",
                "verbose_name_plural": "causes",
                "ordering": ["position", "name", "id"],
                "indexes": [models.Index(fields=["path"], name="cause_path")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("name", ""), _negated=True), fields=("parent", "name"), name="cause_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("parent__isnull", True), models.Q(("name", ""), _negated=True)),
                        fields=("name",),
                        name="cause_root_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True), fields=("key",), name="cause_key_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SlaPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="Name")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("asks", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.workingcalendar",
                        verbose_name="working calendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "service level",
                "verbose_name_plural": "service levels",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="RemedyKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(blank=True, editable=False, max_length=40)),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="name")),
                ("has_amount", models.BooleanField(default=True, verbose_name="costs money")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("position", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "kind of remedy",
                "verbose_name_plural": "kinds of remedy",
                "ordering": ["position", "name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("name", ""), _negated=True), fields=("name",), name="remedy_kind_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True), fields=("key",), name="remedy_kind_key_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("record", "Record"),
                            ("investigate", "Investigate"),
                            ("settle", "Settle who is responsible"),
                            ("plan", "Plan and tell"),
                            ("carry_out", "Carry out"),
                            ("sum_up", "Sum up"),
                            ("done", "Done"),
                        ],
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ordinary", "Ordinary"),
                            ("major", "Major"),
                            ("group", "Of a group"),
                            ("public", "In public"),
                        ],
                        max_length=10,
                        verbose_name="grade",
                    ),
                ),
                ("working_minutes", models.PositiveIntegerField(verbose_name="working minutes")),
                ("evidence", models.JSONField(blank=True, default=list, verbose_name="evidence needed")),
            ],
            options={
                "verbose_name": "rule of a step",
                "verbose_name_plural": "rules of steps",
                "constraints": [models.UniqueConstraint(fields=("step", "grade"), name="step_rule_once")],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case_type",
                    models.CharField(
                        choices=[
                            ("enquiry", "Enquiry"),
                            ("request", "Request"),
                            ("repair", "Repair"),
                            ("complaint", "Complaint"),
                            ("grievance", "Grievance"),
                            ("suggestion", "Suggestion"),
                            ("praise", "Praise"),
                            ("order", "Order"),
                            ("follow_up", "Follow-up"),
                        ],
                        default="enquiry",
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                ("subject", models.CharField(max_length=255, verbose_name="subject")),
                ("description", models.TextField(blank=True, verbose_name="what it is about")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("open", "In hand"),
                            ("waiting", "Waits for the customer"),
                            ("held", "On hold"),
                            ("solved", "Solved"),
                            ("closed", "Closed"),
                            ("closed_elsewhere", "Closed elsewhere"),
                        ],
                        default="new",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                (
                    "impact",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Medium"), (3, "High")], default=1, verbose_name="impact"
                    ),
                ),
                (
                    "urgency",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Medium"), (3, "High")], default=2, verbose_name="urgency"
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Urgent"), (2, "High"), (3, "Normal"), (4, "Low")],
                        default=3,
                        verbose_name="priority",
                    ),
                ),
                ("is_priority_fixed", models.BooleanField(default=False)),
                ("tier", models.CharField(blank=True, max_length=10, verbose_name="tier")),
                (
                    "channel_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("email", "E-mail"),
                            ("chat", "Web chat"),
                            ("form", "Web form"),
                            ("phone", "Telephone"),
                            ("visit", "Visit"),
                            ("letter", "Letter"),
                            ("fax", "Fax"),
                            ("webhook", "Webhook"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("custom", models.JSONField(blank=True, default=dict)),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("first_answered_at", models.DateTimeField(null=True, verbose_name="first answered")),
                ("waiting_since", models.DateTimeField(null=True, verbose_name="waiting since")),
                ("solved_at", models.DateTimeField(null=True, verbose_name="solved")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                ("followed_at", models.DateTimeField(null=True, verbose_name="followed through")),
                ("reopened_count", models.PositiveSmallIntegerField(default=0, verbose_name="opened again")),
                ("came_back_count", models.PositiveIntegerField(default=0, verbose_name="came back")),
                ("due_at", models.DateTimeField(null=True, verbose_name="to be answered by")),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("external_ref", models.CharField(blank=True, max_length=120, verbose_name="number elsewhere")),
                ("created_at", models.DateTimeField(verbose_name="Entered on")),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="conversations.conversation",
                        verbose_name="conversation",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "import_run",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="importing.import",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who answers for it",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="service.case",
                        verbose_name="part of",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.queue",
                        verbose_name="queue",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.casecategory",
                        verbose_name="category",
                    ),
                ),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "base_manager_name": "everything",
                "indexes": [
                    models.Index(fields=["-opened_at", "-id"], name="case_newest"),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["due_at", "id"], name="case_due"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ("new", "open", "waiting", "held")), ("due_at__isnull", False)
                        ),
                        fields=["due_at", "id"],
                        name="case_due_open",
                    ),
                    models.Index(fields=["queue", "-opened_at", "-id"], name="case_queue"),
                    models.Index(
                        condition=models.Q(("followed_at__isnull", False)),
                        fields=["-opened_at", "-id"],
                        name="case_followed",
                    ),
                    models.Index(
                        condition=models.Q(("reopened_count__gt", 0)),
                        fields=["-opened_at", "-id"],
                        name="case_reopened",
                    ),
                    models.Index(
                        condition=models.Q(("reopened_count__gt", 0), ("came_back_count__gt", 0), _connector="OR"),
                        fields=["-opened_at", "-id"],
                        name="case_came_again",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("new", "open", "waiting", "held"))),
                        fields=["priority", "opened_at", "id"],
                        name="case_open",
                    ),
                    models.Index(fields=["state", "-opened_at", "-id"], name="case_state"),
                    models.Index(fields=["owner", "-opened_at", "-id"], name="case_owner"),
                    models.Index(fields=["department", "-opened_at", "-id"], name="case_department"),
                    models.Index(fields=["case_type", "-opened_at", "-id"], name="case_type"),
                    models.Index(
                        condition=models.Q(("tier", ""), _negated=True),
                        fields=["tier", "-opened_at", "-id"],
                        name="case_tier",
                    ),
                    models.Index(
                        condition=models.Q(("channel_kind", ""), _negated=True),
                        fields=["channel_kind", "-opened_at", "-id"],
                        name="case_channel",
                    ),
                    models.Index(fields=["category", "-opened_at", "-id"], name="case_category"),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer", "-opened_at", "-id"],
                        name="case_customer",
                    ),
                    models.Index(
                        condition=models.Q(("conversation__isnull", False)),
                        fields=["conversation"],
                        name="case_conversation",
                    ),
                    models.Index(condition=models.Q(("parent__isnull", False)), fields=["parent"], name="case_parent"),
                    models.Index(
                        condition=models.Q(("product__isnull", False)), fields=["product"], name="case_product"
                    ),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", False)), fields=["closed_at", "id"], name="case_closed"
                    ),
                    models.Index(
                        condition=models.Q(("solved_at__isnull", False)),
                        fields=["-solved_at", "-id"],
                        name="case_solved",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("new", "open", "waiting", "held", "solved"))),
                        fields=("conversation",),
                        name="case_live_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external_ref", ""), _negated=True),
                        fields=("source", "external_ref"),
                        name="case_external_once",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Checklist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case_type",
                    models.CharField(
                        choices=[
                            ("enquiry", "Enquiry"),
                            ("request", "Request"),
                            ("repair", "Repair"),
                            ("complaint", "Complaint"),
                            ("grievance", "Grievance"),
                            ("suggestion", "Suggestion"),
                            ("praise", "Praise"),
                            ("order", "Order"),
                            ("follow_up", "Follow-up"),
                        ],
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("items", models.JSONField(default=list, verbose_name="items")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.casecategory",
                        verbose_name="category",
                    ),
                ),
            ],
            options={
                "verbose_name": "checklist",
                "verbose_name_plural": "checklists",
                "ordering": ["case_type", "name"],
            },
        ),
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("first_answer", "First answer"),
                            ("next_answer", "Next answer"),
                            ("solution", "Solution"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at_percent", models.PositiveSmallIntegerField(null=True)),
                ("offset_minutes", models.IntegerField(null=True)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("notify", "tell"),
                            ("raise", "raise the priority"),
                            ("hand_over", "hand the case over to"),
                            ("task", "set a task for"),
                        ],
                        default="notify",
                        max_length=16,
                    ),
                ),
                (
                    "whom",
                    models.CharField(
                        choices=[
                            ("owner", "who answers for the case"),
                            ("department", "the head of its department"),
                            ("role", "everybody with a role"),
                            ("user", "a certain person"),
                        ],
                        default="owner",
                        max_length=16,
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
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="service.slapolicy"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("at_percent__isnull", False), ("offset_minutes__isnull", True)),
                            models.Q(("at_percent__isnull", True), ("offset_minutes__isnull", False)),
                            _connector="OR",
                        ),
                        name="escalation_one_moment",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SlaTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("first_answer", "First answer"),
                            ("next_answer", "Next answer"),
                            ("solution", "Solution"),
                        ],
                        max_length=16,
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(default=0)),
                ("amount", models.PositiveIntegerField()),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("working_minutes", "working minutes"),
                            ("minutes", "minutes around the clock"),
                            ("working_days", "working days, to the close of the last"),
                            ("days", "calendar days, to the end of the last"),
                            ("days_rolled", "calendar days; a last day off moves to the next working day"),
                        ],
                        default="working_minutes",
                        max_length=16,
                    ),
                ),
                ("warn_percent", models.PositiveSmallIntegerField(default=75)),
                ("pauses", models.JSONField(default=list)),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="service.slapolicy"
                    ),
                ),
            ],
            options={
                "ordering": ["sort", "priority"],
                "constraints": [
                    models.UniqueConstraint(fields=("policy", "sort", "priority"), name="sla_target_once"),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 1)), name="sla_target_amount"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RemedyLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("limit_minor", models.BigIntegerField(verbose_name="up to")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="limits",
                        to="service.remedykind",
                        verbose_name="remedy",
                    ),
                ),
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
                "verbose_name": "limit of a remedy",
                "verbose_name_plural": "limits of remedies",
                "constraints": [models.UniqueConstraint(fields=("kind", "role", "currency"), name="remedy_limit_once")],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="complaint",
                        serialize=False,
                        to="service.case",
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("record", "Record"),
                            ("investigate", "Investigate"),
                            ("settle", "Settle who is responsible"),
                            ("plan", "Plan and tell"),
                            ("carry_out", "Carry out"),
                            ("sum_up", "Sum up"),
                            ("done", "Done"),
                        ],
                        default="record",
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("ordinary", "Ordinary"),
                            ("major", "Major"),
                            ("group", "Of a group"),
                            ("public", "In public"),
                        ],
                        default="ordinary",
                        max_length=10,
                        verbose_name="grade",
                    ),
                ),
                (
                    "authority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("12315", "12315 (market supervision)"),
                            ("12345", "12345 (city hotline)"),
                            ("other", "Another authority"),
                        ],
                        max_length=10,
                        verbose_name="authority",
                    ),
                ),
                ("authority_number", models.CharField(blank=True, max_length=80, verbose_name="official number")),
                (
                    "authority_due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answer to the authority due"),
                ),
                (
                    "authority_answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="authority answered"),
                ),
                ("authority_told", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("wanted", models.TextField(blank=True, verbose_name="what the customer asks for")),
                ("objection", models.TextField(blank=True, verbose_name="objection")),
                ("objected_at", models.DateTimeField(null=True, verbose_name="objected on")),
                ("objection_answer", models.TextField(blank=True, verbose_name="answer to the objection")),
                ("objection_settled_at", models.DateTimeField(null=True, verbose_name="objection settled on")),
                ("responsibility", models.TextField(blank=True, verbose_name="responsibility")),
                ("entitlements", models.JSONField(blank=True, default=dict, verbose_name="what the law gives")),
                ("whys", models.JSONField(blank=True, default=list, verbose_name="five whys")),
                ("prevention", models.TextField(blank=True, verbose_name="so that it does not happen again")),
                ("elsewhere", models.JSONField(blank=True, default=dict, verbose_name="as told elsewhere")),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "cause",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.cause",
                        verbose_name="cause",
                    ),
                ),
                (
                    "objected_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.responsibleunit",
                        verbose_name="responsible unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "complaint",
                "verbose_name_plural": "complaints",
                "indexes": [
                    models.Index(
                        condition=models.Q(("unit__isnull", False)), fields=["unit", "case"], name="complaint_unit"
                    ),
                    models.Index(
                        condition=models.Q(("cause__isnull", False)), fields=["cause", "case"], name="complaint_cause"
                    ),
                    models.Index(fields=["step", "case"], name="complaint_step"),
                    models.Index(
                        condition=models.Q(
                            ("authority_answered_at__isnull", True), ("authority_due_at__isnull", False)
                        ),
                        fields=["authority_due_at"],
                        name="complaint_authority",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("first_answer", "First answer"),
                            ("next_answer", "Next answer"),
                            ("solution", "Solution"),
                        ],
                        max_length=16,
                        verbose_name="clock",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("met", "Met"),
                            ("met_late", "Met late"),
                            ("broken", "Broken"),
                            ("stopped", "Stopped"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("warn_at", models.DateTimeField(null=True)),
                ("consumed_seconds", models.BigIntegerField(default=0)),
                ("left", models.BigIntegerField(default=0)),
                ("amount", models.PositiveIntegerField()),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("working_minutes", "working minutes"),
                            ("minutes", "minutes around the clock"),
                            ("working_days", "working days, to the close of the last"),
                            ("days", "calendar days, to the end of the last"),
                            ("days_rolled", "calendar days; a last day off moves to the next working day"),
                        ],
                        max_length=16,
                    ),
                ),
                ("paused_since", models.DateTimeField(null=True)),
                ("paused_by", models.CharField(blank=True, max_length=16)),
                ("why", models.JSONField(default=dict)),
                ("warned_at", models.DateTimeField(null=True)),
                ("broken_at", models.DateTimeField(null=True)),
                ("ahead", models.JSONField(default=list)),
                ("act_at", models.DateTimeField(null=True)),
                ("reckoned_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="service.case",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.slapolicy",
                    ),
                ),
            ],
            options={
                "verbose_name": "clock",
                "verbose_name_plural": "clocks",
                "indexes": [
                    models.Index(
                        condition=models.Q(("act_at__isnull", False)), fields=["act_at", "id"], name="case_clock_act"
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["policy", "case"],
                        name="case_clock_running",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", False)),
                        fields=["sort", "ended_at"],
                        name="case_clock_ended",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("case", "sort", "number"), name="case_clock_once")],
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about_kind", models.CharField(max_length=40)),
                ("about_id", models.BigIntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="service.case"
                    ),
                ),
            ],
            options={
                "verbose_name": "linked record",
                "verbose_name_plural": "linked records",
                "constraints": [
                    models.UniqueConstraint(fields=("about_kind", "about_id", "case"), name="case_link_once")
                ],
            },
        ),
        migrations.CreateModel(
            name='OwnHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.workingcalendar', verbose_name='working calendar')),
                ('customer', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer', verbose_name='customer')),
                ('department', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department', verbose_name='department')),
            ],
            options={
                'verbose_name': "hours of one's own",
                'verbose_name_plural': "hours of one's own",
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('customer__isnull', False), ('department__isnull', True)), models.Q(('customer__isnull', True), ('department__isnull', False)), _connector='OR'), name='own_hours_of_one')],
            },
        ),
        migrations.CreateModel(
            name="CaseMoment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("state", models.CharField(max_length=16)),
                ("facts", models.JSONField(default=dict)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="service.case"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "at", "id"], name="case_moment_of_case")],
            },
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300, verbose_name="what is to be done")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="service.case"
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "checklist item",
                "verbose_name_plural": "checklist items",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="CaseTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="case_tags", to="service.case"
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.tag"
                    ),
                ),
            ],
            options={
                "verbose_name": "tag on a case",
                "verbose_name_plural": "tags on cases",
                "constraints": [models.UniqueConstraint(fields=("case", "tag"), name="case_tag_once")],
            },
        ),
        migrations.CreateModel(
            name="MomentMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("criterion", models.CharField(max_length=40)),
                ("is_met", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="moment_marks", to="service.case"
                    ),
                ),
            ],
            options={
                "verbose_name": "mark of a moment of truth",
                "verbose_name_plural": "marks of moments of truth",
                "constraints": [models.UniqueConstraint(fields=("case", "criterion"), name="moment_mark_once")],
            },
        ),
        migrations.CreateModel(
            name="Remedy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, verbose_name="what exactly")),
                ("amount_minor", models.BigIntegerField(default=0, verbose_name="amount")),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("asked", "Approval asked"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done")),
                ("cost_minor", models.BigIntegerField(null=True, verbose_name="cost")),
                ("created_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.remedykind",
                        verbose_name="remedy",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.responsibleunit",
                        verbose_name="borne by",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="remedies", to="service.complaint"
                    ),
                ),
            ],
            options={
                "verbose_name": "remedy",
                "verbose_name_plural": "remedies",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("record", "Record"),
                            ("investigate", "Investigate"),
                            ("settle", "Settle who is responsible"),
                            ("plan", "Plan and tell"),
                            ("carry_out", "Carry out"),
                            ("sum_up", "Sum up"),
                            ("done", "Done"),
                        ],
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("chat", "Web chat"),
                            ("form", "Web form"),
                            ("phone", "Telephone"),
                            ("visit", "Visit"),
                            ("letter", "Letter"),
                            ("fax", "Fax"),
                            ("webhook", "Webhook"),
                        ],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                ("words", models.TextField(verbose_name="in which words")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="conversations.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tellings", to="service.complaint"
                    ),
                ),
            ],
            options={
                "verbose_name": "what the customer was told",
                "verbose_name_plural": "what customers were told",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="RecurrenceCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("after_days", models.PositiveSmallIntegerField(verbose_name="days after")),
                ("due_on", models.DateField(verbose_name="due")),
                ("looked_at", models.DateTimeField(null=True, verbose_name="looked at")),
                ("found_count", models.PositiveIntegerField(null=True, verbose_name="found again")),
                ("found", models.JSONField(default=list)),
                (
                    "complaint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="service.complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "recurrence check",
                "verbose_name_plural": "recurrence checks",
                "ordering": ["due_on", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("looked_at__isnull", True)), fields=["due_on"], name="recurrence_check_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "round", "after_days"), name="recurrence_check_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("record", "Record"),
                            ("investigate", "Investigate"),
                            ("settle", "Settle who is responsible"),
                            ("plan", "Plan and tell"),
                            ("carry_out", "Carry out"),
                            ("sum_up", "Sum up"),
                            ("done", "Done"),
                        ],
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("statement", "Statement"),
                            ("photo", "Photograph"),
                            ("recording", "Recording"),
                            ("document", "Document"),
                            ("test", "Test or inspection"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="sort",
                    ),
                ),
                ("said_by", models.CharField(blank=True, max_length=120, verbose_name="from whom")),
                ("text", models.TextField(blank=True, verbose_name="what it says or shows")),
                ("at", models.DateTimeField(verbose_name="entered")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="service.complaint"
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ComplaintStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(default=0)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("record", "Record"),
                            ("investigate", "Investigate"),
                            ("settle", "Settle who is responsible"),
                            ("plan", "Plan and tell"),
                            ("carry_out", "Carry out"),
                            ("sum_up", "Sum up"),
                            ("done", "Done"),
                        ],
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="began")),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="over")),
                ("escalated_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="service.complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a complaint",
                "verbose_name_plural": "steps of complaints",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False), ("ended_at__isnull", True)),
                        fields=["due_at"],
                        name="complaint_step_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "round", "step"), name="complaint_step_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosingWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(default=0)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("confirmed", "Settled, says the customer"),
                            ("not_settled", "Not settled, says the customer"),
                            ("not_reached", "Not reached"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("chat", "Web chat"),
                            ("form", "Web form"),
                            ("phone", "Telephone"),
                            ("visit", "Visit"),
                            ("letter", "Letter"),
                            ("fax", "Fax"),
                            ("webhook", "Webhook"),
                        ],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="the customer's words, or what was tried")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closing_words",
                        to="service.complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "last word of a customer",
                "verbose_name_plural": "last words of customers",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ClockEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("what", models.CharField(max_length=12)),
                ("because", models.JSONField(default=dict)),
                ("due_before", models.DateTimeField(null=True)),
                ("due_after", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="service.case"
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="service.caseclock",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["case", "id"], name="clock_event_of_case"),
                    models.Index(fields=["clock", "id"], name="clock_event_of_clock"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("done", models.JSONField(default=dict)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="escalations", to="service.caseclock"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="service.escalationstep",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("clock", "step"), name="escalation_once")],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=500, verbose_name="what was promised")),
                ("due_at", models.DateTimeField(verbose_name="by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("kept", "Kept"),
                            ("kept_late", "Kept late"),
                            ("broken", "Broken"),
                            ("released", "Released by the customer"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="kept or broken")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="what came of it")),
                ("created_at", models.DateTimeField(verbose_name="promised")),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="service.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.department"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who keeps it",
                    ),
                ),
                (
                    "remedy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="service.remedy",
                        verbose_name="remedy",
                    ),
                ),
            ],
            options={
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["due_at", "id"], name="promise_due"),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer", "-due_at", "-id"],
                        name="promise_customer",
                    ),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer", "-created_at", "-id"],
                        name="promise_made",
                    ),
                    models.Index(
                        condition=models.Q(("customer__isnull", False), ("ended_at__isnull", False)),
                        fields=["customer", "-ended_at", "-id"],
                        name="promise_ended",
                    ),
                    models.Index(fields=["-due_at", "-id"], name="promise_newest"),
                    models.Index(fields=["owner", "-due_at", "-id"], name="promise_owner"),
                ],
            },
        ),
    ]
