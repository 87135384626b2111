"""Addresses of webhook channels."""

from django.urls import path

from guanxi.conversations.adapters.webhook import views

pages = [
    path("settings/channels/webhook/new", views.create, name="webhook_create"),
    path("settings/channels/webhook/<str:public_id>", views.settings, name="webhook_settings"),
    path("settings/channels/webhook/<str:public_id>/secret", views.new_secret, name="webhook_secret"),
]
public = [
    path("channels/<str:public_id>/in", views.take_in, name="webhook_channel_in"),
    path("channels/<str:public_id>/state", views.take_state, name="webhook_channel_state"),
]
