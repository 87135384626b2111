"""Addresses of contacts written down by hand."""

from django.urls import path

from guanxi.conversations.adapters.by_hand import views

pages = [path("contacts/log", views.log, name="log")]
