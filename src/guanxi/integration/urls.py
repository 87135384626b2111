"""Addresses of integration: the API and the page of one's tokens."""

from django.urls import include, path

from guanxi.integration import views
from guanxi.integration.addresses import urlpatterns as api

pages = [
    path("settings/tokens", views.token_list, name="tokens"),
    path("settings/tokens/create", views.create, name="create_token"),
    path("settings/tokens/<str:public_id>/revoke", views.revoke, name="revoke_token"),
]
urlpatterns = [
    path("", include((pages, "integration"))),
    *api,
]
