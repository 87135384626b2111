"""The chat: visitors, the secrets of their browsers, what was said in whose chat."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0003_queues'),
        ('customers', '0015_prospects'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChatVisitor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=200)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('external_id', models.CharField(blank=True, max_length=200)),
                ('begun_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('answerer_read_at', models.DateTimeField(null=True)),
                ('transcript_at', models.DateTimeField(null=True)),
                ('became', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.chatvisitor')),
                ('channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.channel')),
                ('conversation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='conversations.conversation')),
                ('customer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
            ],
            options={
                'verbose_name': 'visitor',
                'verbose_name_plural': 'visitors',
            },
        ),
        migrations.CreateModel(
            name='ChatMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_unseen', models.BooleanField(default=False)),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='chat', to='conversations.message')),
                ('visitor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.chatvisitor')),
            ],
            options={
                'verbose_name': 'message of a chat',
                'verbose_name_plural': 'messages of chats',
            },
        ),
        migrations.CreateModel(
            name='ChatKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('vouched_until', models.DateTimeField(null=True)),
                ('visitor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='conversations.chatvisitor')),
            ],
            options={
                'verbose_name': 'key of a visitor',
                'verbose_name_plural': 'keys of visitors',
            },
        ),
        migrations.AddIndex(
            model_name='chatvisitor',
            index=models.Index(fields=['channel', 'seen_at'], name='chat_visitor_seen'),
        ),
        migrations.AddIndex(
            model_name='chatvisitor',
            index=models.Index(condition=models.Q(('customer__isnull', False)), fields=['customer'], name='chat_visitor_customer'),
        ),
        migrations.AddConstraint(
            model_name='chatvisitor',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('channel', 'external_id'), name='chat_visitor_once'),
        ),
        migrations.AddIndex(
            model_name='chatmessage',
            index=models.Index(fields=['visitor', 'id'], name='chat_message_of_visitor'),
        ),
        migrations.AddIndex(
            model_name='chatmessage',
            index=models.Index(condition=models.Q(('is_unseen', True)), fields=['id'], name='chat_message_unseen'),
        ),
    ]
