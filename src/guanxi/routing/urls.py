"""Addresses of queues and presence."""

from django.urls import path

from guanxi.routing.views import presence, queues, settings

app_name = "routing"

urlpatterns = [
    path("queues/", queues.queue_list, name="queues"),
    path("queues/<str:public_id>/", queues.queue, name="queue"),
    path("queues/<str:public_id>/take", queues.take_next, name="take_next"),
    path("queues/<str:public_id>/membership", queues.membership, name="membership"),
    path("work-items/<str:item_id>/take", queues.take, name="take"),
    path("presence/sign", presence.sign, name="sign"),
    path("presence/menu", presence.menu, name="menu"),
    path("presence/choose", presence.choose, name="choose"),
    path("settings/queues/", settings.queue_list, name="settings_queues"),
    path("settings/queues/new", settings.queue_edit, name="settings_queue_create"),
    path("settings/queues/<str:public_id>/", settings.queue_edit, name="settings_queue"),
    path("settings/queues/<str:public_id>/remove", settings.queue_remove, name="settings_queue_remove"),
    path("settings/presence/", settings.rules, name="settings_rules"),
    path("settings/presence/capacity", settings.capacity_of_whom, name="settings_capacity_choice"),
    path("settings/presence/capacity/<int:user_id>", settings.capacity_edit, name="settings_capacity"),
    path("settings/presence/reasons/new", settings.reason_edit, name="settings_reason_create"),
    path("settings/presence/reasons/<int:reason_id>", settings.reason_edit, name="settings_reason"),
    path("settings/presence/reasons/<int:reason_id>/remove", settings.reason_remove, name="settings_reason_remove"),
]
