"""Addresses of web forms."""

from django.urls import path

from guanxi.conversations.adapters.form import views

pages = [
    path("settings/channels/form/new", views.create, name="form_create"),
    path("settings/channels/form/<str:public_id>", views.settings, name="form_settings"),
]
public = [
    path("forms/<str:public_id>.js", views.embed, name="web_form_embed"),
    path("forms/<str:public_id>", views.show, name="web_form"),
]
