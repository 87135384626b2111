"""Channels, conversations, the desk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0012_what_goes_along_with_events"),
        ("core", "__first__"),
        ("customers", "0015_prospects"),
        ("files", "0001_initial"),
        ("routing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
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
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("address", models.CharField(blank=True, max_length=254, verbose_name="address")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("settings", models.JSONField(blank=True, default=dict)),
                ("secret_sealed", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(verbose_name="set up on")),
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
                    "queue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.queue",
                        verbose_name="queue",
                    ),
                ),
            ],
            options={
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
                "ordering": ["name"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("address", ""), _negated=True),
                        fields=["kind", "address"],
                        name="channel_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("view", models.CharField(max_length=60)),
                ("text", models.CharField(blank=True, max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "view of the desk",
                "verbose_name_plural": "views of the desk",
                "constraints": [models.UniqueConstraint(fields=("user", "name"), name="desk_view_name")],
            },
        ),
        migrations.CreateModel(
            name="Macro",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "audience",
                    models.CharField(
                        choices=[("personal", "Only me"), ("team", "My team"), ("all", "Everybody")],
                        default="personal",
                        max_length=8,
                        verbose_name="for whom",
                    ),
                ),
                ("texts", models.JSONField(blank=True, default=dict)),
                ("is_note", models.BooleanField(default=False, verbose_name="an internal note")),
                ("actions", models.JSONField(blank=True, default=list)),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("use_count", models.PositiveIntegerField(default=0, verbose_name="times used")),
                ("used_at", models.DateTimeField(null=True, verbose_name="last used")),
                ("created_at", models.DateTimeField(verbose_name="written on")),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "macro",
                "verbose_name_plural": "macros",
                "ordering": ["name", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)), fields=["audience", "name"], name="macro_for_whom"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TrustedSender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "sender whose images are shown",
                "verbose_name_plural": "senders whose images are shown",
                "constraints": [models.UniqueConstraint(fields=("user", "digest"), name="trusted_sender_once")],
            },
        ),
        migrations.CreateModel(
            name="ChannelHealth",
            fields=[
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="health",
                        serialize=False,
                        to="conversations.channel",
                    ),
                ),
                ("worked_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=40)),
                ("detail", models.CharField(blank=True, max_length=500)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("about", models.CharField(blank=True, max_length=100)),
                ("broken_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "health of a channel",
                "verbose_name_plural": "health of channels",
            },
        ),
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(blank=True, max_length=255, verbose_name="subject")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done")], default="open", max_length=5, verbose_name="state"
                    ),
                ),
                (
                    "match",
                    models.CharField(
                        choices=[("certain", "Known"), ("maybe", "Maybe"), ("new", "New"), ("none", "Nobody")],
                        default="none",
                        max_length=8,
                        verbose_name="whose it is",
                    ),
                ),
                ("contact_kind", models.CharField(blank=True, max_length=10)),
                ("contact_value", models.CharField(blank=True, max_length=254)),
                ("contact_name", models.CharField(blank=True, max_length=200, verbose_name="name")),
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
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("message_count", models.PositiveIntegerField(default=0, verbose_name="messages")),
                ("last_message_at", models.DateTimeField(verbose_name="last message")),
                ("last_inbound_at", models.DateTimeField(null=True, verbose_name="last heard of")),
                ("last_outbound_at", models.DateTimeField(null=True, verbose_name="last answered")),
                ("waiting_since", models.DateTimeField(null=True, verbose_name="waiting since")),
                ("due_at", models.DateTimeField(null=True, verbose_name="to be answered by")),
                ("secret", models.CharField(editable=False, max_length=32)),
                ("done_at", models.DateTimeField(null=True, verbose_name="done on")),
                ("created_at", models.DateTimeField(verbose_name="begun")),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who answers",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="conversations.channel",
                        verbose_name="channel",
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
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.queue",
                        verbose_name="queue",
                    ),
                ),
            ],
            options={
                "verbose_name": "conversation",
                "verbose_name_plural": "conversations",
                "indexes": [
                    models.Index(fields=["-last_message_at", "-id"], name="conversation_newest"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["last_message_at", "id"],
                        name="conversation_open",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["assignee", "last_message_at", "id"],
                        name="conversation_of_agent",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["queue", "last_message_at", "id"],
                        name="conversation_of_queue",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open"), ("due_at__isnull", False)),
                        fields=["due_at", "id"],
                        name="conversation_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open"), ("waiting_since__isnull", False)),
                        fields=["waiting_since", "id"],
                        name="conversation_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open"), ("waiting_since__isnull", False)),
                        fields=["assignee", "waiting_since", "id"],
                        name="conversation_agent_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open"), ("due_at__isnull", False)),
                        fields=["assignee", "due_at", "id"],
                        name="conversation_agent_due",
                    ),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer", "-last_message_at"],
                        name="conversation_of_customer",
                    ),
                    models.Index(
                        fields=["contact_kind", "contact_value", "-last_message_at"], name="conversation_contact"
                    ),
                    models.Index(fields=["channel", "-last_message_at"], name="conversation_of_channel"),
                    models.Index(fields=["department", "-last_message_at"], name="conversation_department"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["channel", "last_message_at", "id"],
                        name="conversation_channel_open",
                    ),
                    models.Index(
                        condition=models.Q(("merged_into__isnull", False)),
                        fields=["merged_into"],
                        name="conversation_merged_into",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailFolder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("uid_validity", models.BigIntegerField(default=0)),
                ("last_uid", models.BigIntegerField(default=0)),
                ("left_count", models.PositiveIntegerField(default=0)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conversations.channel",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail folder",
                "verbose_name_plural": "mail folders",
                "constraints": [models.UniqueConstraint(fields=("channel", "name"), name="mail_folder_once")],
            },
        ),
        migrations.CreateModel(
            name="ChatVisitor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=200)),
                ("email", models.CharField(blank=True, max_length=254)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("external_id", models.CharField(blank=True, max_length=200)),
                ("begun_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("answerer_read_at", models.DateTimeField(null=True)),
                ("transcript_at", models.DateTimeField(null=True)),
                (
                    "became",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conversations.chatvisitor",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conversations.channel",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="conversations.conversation",
                    ),
                ),
            ],
            options={
                "verbose_name": "visitor",
                "verbose_name_plural": "visitors",
                "indexes": [
                    models.Index(fields=["channel", "seen_at"], name="chat_visitor_seen"),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer"],
                        name="chat_visitor_customer",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("channel", "external_id"),
                        name="chat_visitor_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskTab",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="conversations.conversation"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "open tab",
                "verbose_name_plural": "open tabs",
                "indexes": [models.Index(fields=["user", "position"], name="desk_tab_of_person")],
                "constraints": [models.UniqueConstraint(fields=("user", "conversation"), name="desk_tab_once")],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("reply", "Reply"), ("note", "Internal note"), ("forward", "Forward")], max_length=8
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("details", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField()),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="conversations.conversation"
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
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
                "indexes": [models.Index(fields=["user", "-updated_at"], name="draft_of_person")],
                "constraints": [models.UniqueConstraint(fields=("conversation", "user", "kind"), name="draft_once")],
            },
        ),
        migrations.CreateModel(
            name="MaybeMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=40)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="maybe_matches",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
            ],
            options={
                "verbose_name": "possible match",
                "verbose_name_plural": "possible matches",
                "constraints": [models.UniqueConstraint(fields=("conversation", "customer"), name="maybe_match_once")],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("message", "Message"), ("note", "Internal note"), ("event", "What happened")],
                        default="message",
                        max_length=8,
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "Received"), ("out", "Sent"), ("internal", "Internal")], max_length=8
                    ),
                ),
                (
                    "message_class",
                    models.CharField(
                        choices=[
                            ("normal", "Normal"),
                            ("auto_reply", "Automatic reply"),
                            ("out_of_office", "Out of office"),
                            ("bounce", "Bounce"),
                            ("loop", "Mail loop"),
                            ("bulk", "Bulk mail"),
                            ("own_reply", "Own reply"),
                            ("calendar", "Invitation"),
                        ],
                        default="normal",
                        max_length=14,
                    ),
                ),
                ("needs_answer", models.BooleanField(default=False)),
                ("author_name", models.CharField(blank=True, max_length=200)),
                ("from_address", models.CharField(blank=True, max_length=254)),
                ("to", models.JSONField(default=list)),
                ("cc", models.JSONField(default=list)),
                ("subject", models.CharField(blank=True, max_length=255)),
                ("text", models.TextField(blank=True)),
                ("new_text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("details", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("said_at", models.DateTimeField(null=True)),
                ("external_key", models.CharField(max_length=200, null=True)),
                ("message_id", models.CharField(blank=True, max_length=255)),
                ("in_reply_to", models.CharField(blank=True, max_length=255)),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("held", "Can still be taken back"),
                            ("queued", "On its way"),
                            ("sent", "Sent"),
                            ("delivered", "Delivered"),
                            ("read", "Read"),
                            ("failed", "Not delivered"),
                        ],
                        default="received",
                        max_length=9,
                    ),
                ),
                ("held_until", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=40)),
                ("error_detail", models.CharField(blank=True, max_length=500)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
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
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="conversations.channel",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "raw_file",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "indexes": [
                    models.Index(fields=["conversation", "at", "id"], name="message_of_conversation"),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer", "at", "id"],
                        name="message_of_customer",
                    ),
                    models.Index(
                        condition=models.Q(("message_id", ""), _negated=True),
                        fields=["message_id"],
                        name="message_message_id",
                    ),
                    models.Index(
                        condition=models.Q(("in_reply_to", ""), _negated=True),
                        fields=["in_reply_to"],
                        name="message_in_reply_to",
                    ),
                    models.Index(
                        condition=models.Q(("delivery__in", ("held", "queued"))),
                        fields=["held_until"],
                        name="message_to_send",
                    ),
                    models.Index(fields=["at"], name="message_at"),
                    models.Index(
                        condition=models.Q(("raw_file__isnull", False)), fields=["raw_file"], name="message_raw_file"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_key__isnull", False)),
                        fields=("channel", "external_key"),
                        name="message_delivered_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="conversations.conversation"
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
                "verbose_name": "read mark",
                "verbose_name_plural": "read marks",
                "constraints": [models.UniqueConstraint(fields=("conversation", "user"), name="seen_once")],
            },
        ),
        migrations.CreateModel(
            name="ChatKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("vouched_until", models.DateTimeField(null=True)),
                (
                    "visitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="keys", to="conversations.chatvisitor"
                    ),
                ),
            ],
            options={
                "verbose_name": "key of a visitor",
                "verbose_name_plural": "keys of visitors",
            },
        ),
        migrations.CreateModel(
            name="ChatMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_unseen", models.BooleanField(default=False)),
                (
                    "visitor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conversations.chatvisitor",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chat", to="conversations.message"
                    ),
                ),
            ],
            options={
                "verbose_name": "message of a chat",
                "verbose_name_plural": "messages of chats",
                "indexes": [
                    models.Index(fields=["visitor", "id"], name="chat_message_of_visitor"),
                    models.Index(condition=models.Q(("is_unseen", True)), fields=["id"], name="chat_message_unseen"),
                ],
            },
        ),
    ]
