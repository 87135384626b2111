"""Addresses of integration: the API and the page of one's tokens."""

from django.urls import include, path

from guanxi.integration import views
from guanxi.integration.addresses import urlpatterns as api
from guanxi.integration.guide import views as guide
from guanxi.integration.webhooks import views as webhooks

pages = [
    path("settings/api", guide.overview, name="api_guide"),
    path("settings/api/<slug:key>", guide.area, name="api_area"),
    path("settings/tokens", views.token_list, name="tokens"),
    path("settings/tokens/create", views.create, name="create_token"),
    path("settings/tokens/<str:public_id>/revoke", views.revoke, name="revoke_token"),
    path("settings/webhooks", webhooks.webhook_list, name="webhooks"),
    path("settings/webhooks/new", webhooks.create, name="create_webhook"),
    path("settings/webhooks/<str:public_id>", webhooks.show, name="webhook"),
    path("settings/webhooks/<str:public_id>/change", webhooks.change, name="change_webhook"),
    path("settings/webhooks/<str:public_id>/secret", webhooks.new_secret, name="webhook_secret"),
    path("settings/webhooks/<str:public_id>/active", webhooks.set_active, name="webhook_active"),
    path("settings/webhooks/<str:public_id>/test", webhooks.test, name="test_webhook"),
    path("settings/webhooks/<str:public_id>/replay", webhooks.replay, name="replay_webhook"),
    path("settings/webhooks/<str:public_id>/remove", webhooks.remove, name="remove_webhook"),
]
urlpatterns = [
    path("", include((pages, "integration"))),
    *api,
]
