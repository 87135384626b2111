"""Queues, presence and work."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0012_what_goes_along_with_events"),
        ("core", "__first__"),
        ("customers", "0015_prospects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Capacity",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("total", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="in all")),
                ("most", models.JSONField(blank=True, default=dict, verbose_name="at most")),
            ],
            options={
                "verbose_name": "capacity",
                "verbose_name_plural": "capacities",
            },
        ),
        migrations.CreateModel(
            name="PresenceReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("online", "Online"),
                            ("busy", "Busy"),
                            ("break", "Break"),
                            ("away", "Away"),
                            ("offline", "Offline"),
                        ],
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("name_en", models.CharField(max_length=60, verbose_name="English name")),
                ("name_zh", models.CharField(max_length=60, verbose_name="Chinese name")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("order", models.PositiveSmallIntegerField(default=100, verbose_name="place")),
            ],
            options={
                "verbose_name": "reason",
                "verbose_name_plural": "reasons",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Queue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("description", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("strategy", models.CharField(default="manual", max_length=40, verbose_name="strategy")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("order", models.PositiveSmallIntegerField(default=100, verbose_name="place")),
                ("accept_seconds", models.PositiveIntegerField(default=0, verbose_name="time to accept")),
                (
                    "preferred_seconds",
                    models.PositiveIntegerField(default=0, verbose_name="waits for whoever had it before"),
                ),
                (
                    "level_seconds",
                    models.PositiveIntegerField(default=0, verbose_name="time until the next level is asked"),
                ),
                ("overflow_seconds", models.PositiveIntegerField(default=0, verbose_name="time until overflow")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "overflow",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.queue",
                        verbose_name="overflow queue",
                    ),
                ),
            ],
            options={
                "verbose_name": "queue",
                "verbose_name_plural": "queues",
                "ordering": ["order", "name"],
            },
        ),
        migrations.CreateModel(
            name="AgentPresence",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("online", "Online"),
                            ("busy", "Busy"),
                            ("break", "Break"),
                            ("away", "Away"),
                            ("offline", "Offline"),
                        ],
                        default="offline",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("self", "chosen by themselves"),
                            ("other", "set by somebody else"),
                            ("signed_out", "signed out"),
                            ("unseen", "no page open any more"),
                            ("returned", "came back"),
                            ("not_accepted", "did not accept work"),
                        ],
                        default="self",
                        max_length=12,
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="since")),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "returns_to",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("online", "Online"),
                            ("busy", "Busy"),
                            ("break", "Break"),
                            ("away", "Away"),
                            ("offline", "Offline"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.presencereason",
                    ),
                ),
            ],
            options={
                "verbose_name": "presence",
                "verbose_name_plural": "presences",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "offline"), _negated=True),
                        fields=["seen_at"],
                        name="presence_seen",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PresenceSpan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("online", "Online"),
                            ("busy", "Busy"),
                            ("break", "Break"),
                            ("away", "Away"),
                            ("offline", "Offline"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("self", "chosen by themselves"),
                            ("other", "set by somebody else"),
                            ("signed_out", "signed out"),
                            ("unseen", "no page open any more"),
                            ("returned", "came back"),
                            ("not_accepted", "did not accept work"),
                        ],
                        max_length=12,
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.presencereason",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "span of presence",
                "verbose_name_plural": "spans of presence",
                "indexes": [
                    models.Index(fields=["user", "from_at"], name="presence_span_of_person"),
                    models.Index(fields=["from_at"], name="presence_span_old"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("to_at__isnull", True)), fields=("user",), name="presence_span_open"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_kind", models.CharField(max_length=40)),
                ("record_id", models.BigIntegerField()),
                ("channel_kind", models.CharField(max_length=20, verbose_name="channel")),
                ("weight", models.PositiveSmallIntegerField(default=1, verbose_name="weight")),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Normal"), (3, "High"), (4, "Urgent")],
                        default=2,
                        verbose_name="priority",
                    ),
                ),
                ("tier_rank", models.PositiveSmallIntegerField(default=0)),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("needs_answer", models.BooleanField(default=True)),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
                ("queued_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("assigned", "Assigned"), ("ended", "Ended")],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("assigned_at", models.DateTimeField(null=True)),
                ("first_assigned_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assignee",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "preferred",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.queue",
                        verbose_name="queue",
                    ),
                ),
            ],
            options={
                "verbose_name": "work item",
                "verbose_name_plural": "work items",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["queue", "-priority", "due_at", "entered_at", "id"],
                        name="work_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "assigned")), fields=["assignee", "queue"], name="work_in_hand"
                    ),
                    models.Index(fields=["record_kind", "record_id", "-id"], name="work_of_record"),
                    models.Index(
                        condition=models.Q(("accepted_at__isnull", True), ("state", "assigned")),
                        fields=["queue", "assigned_at"],
                        name="work_unaccepted",
                    ),
                    models.Index(condition=models.Q(("state", "ended")), fields=["ended_at"], name="work_ended"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "assigned"])),
                        fields=("record_kind", "record_id"),
                        name="work_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assignee__isnull", False), ("state", "assigned")),
                            models.Q(("assignee__isnull", True), ("state", "waiting")),
                            ("state", "ended"),
                            _connector="OR",
                        ),
                        name="work_assigned_to_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QueueMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_active", models.BooleanField(default=True, verbose_name="gets work")),
                ("level", models.PositiveSmallIntegerField(default=1, verbose_name="level")),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="routing.queue"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "member of a queue",
                "verbose_name_plural": "members of queues",
                "indexes": [models.Index(fields=["user", "queue"], name="queues_of_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("queue", "user"), name="queue_member_once"),
                    models.CheckConstraint(condition=models.Q(("level__gte", 1)), name="queue_member_level_from_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField()),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="routing.queue"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["queue", "-number"], name="turn_latest")],
                "constraints": [models.UniqueConstraint(fields=("queue", "user"), name="turn_once")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "how",
                    models.CharField(
                        choices=[("given", "given out"), ("taken", "taken"), ("handed", "handed over")], max_length=8
                    ),
                ),
                ("strategy", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "done"),
                            ("handed", "handed over"),
                            ("put_back", "put back"),
                            ("moved", "moved to another queue"),
                            ("not_accepted", "not accepted in time"),
                            ("gone", "was not there any more"),
                        ],
                        max_length=12,
                    ),
                ),
                ("why", models.JSONField(default=dict)),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="routing.queue"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="routing.workitem"
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
                "indexes": [
                    models.Index(fields=["item", "-id"], name="assignment_of_item"),
                    models.Index(fields=["user", "-at"], name="assignment_of_person"),
                    models.Index(
                        condition=models.Q(("until__isnull", False)), fields=["user", "-until"], name="assignment_ended"
                    ),
                    models.Index(fields=["queue", "-id"], name="assignment_of_queue"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)), fields=("item",), name="assignment_open_once"
                    )
                ],
            },
        ),
    ]
