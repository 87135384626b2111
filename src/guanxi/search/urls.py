"""Addresses of search."""

from django.urls import path

from guanxi.search import views

app_name = "search"
urlpatterns = [path("search", views.page, name="page"), path("search/hits", views.hits, name="hits")]
