"""Addresses of the settings of mailboxes."""

from django.urls import path

from guanxi.conversations.adapters.email import views

pages = [
    path("settings/channels/mailbox/new", views.create, name="create_mailbox"),
    path("settings/channels/mailbox/<str:public_id>", views.change, name="mailbox"),
    path("settings/channels/mailbox/<str:public_id>/test", views.test, name="test_mailbox"),
]
