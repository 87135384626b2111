"""Addresses of the core."""

from django.urls import path

from guanxi.core.health import health
from guanxi.core.live.since import since_view
from guanxi.core.live.tickets import ticket_view

urlpatterns = [
    path("api/v1/health", health, name="health"),
    path("live/ticket", ticket_view, name="live_ticket"),
    path("live/since", since_view, name="live_since"),
]
