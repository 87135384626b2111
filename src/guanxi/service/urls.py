"""Addresses of service."""

from django.urls import include, path

from guanxi.service.views import cases

app_name = "service"

urlpatterns = [
    path("", include("guanxi.service.clocks.urls")),
    path("cases/", cases.case_list, name="cases"),
    path("cases/new", cases.open_new, name="open"),
    path("cases/<str:public_id>/", cases.show, name="case"),
    path("cases/<str:public_id>/move", cases.move, name="move"),
    path("cases/<str:public_id>/step", cases.step, name="step"),
]
