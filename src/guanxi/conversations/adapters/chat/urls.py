"""Addresses of chats: for visitors, and the settings."""

from django.urls import path

from guanxi.conversations.adapters.chat.views import settings, visitors

public = [
    path("chat/<str:public_id>.js", visitors.script, name="chat_script"),
    path("chat/<str:public_id>/setup", visitors.setup, name="chat_setup"),
    path("chat/<str:public_id>/session", visitors.session, name="chat_session"),
    path("chat/<str:public_id>/messages", visitors.say, name="chat_messages"),
    path("chat/<str:public_id>/updates", visitors.updates, name="chat_updates"),
    path("chat/<str:public_id>/typing", visitors.typing, name="chat_typing"),
    path("chat/<str:public_id>/read", visitors.read, name="chat_read"),
    path("chat/<str:public_id>/end", visitors.end, name="chat_end"),
    path("chat/<str:public_id>/transcript", visitors.transcript, name="chat_transcript"),
    path("chat/<str:public_id>/files/<str:token>", visitors.file, name="chat_file"),
]
pages = [
    path("settings/channels/chat/new", settings.create, name="create_chat"),
    path("settings/channels/chat/<str:public_id>", settings.change, name="chat"),
    path("settings/channels/chat/<str:public_id>/key", settings.new_key, name="chat_key"),
]
