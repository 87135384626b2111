"""Addresses of service."""

from django.urls import include, path

from guanxi.service.views import cases, linking, settings

app_name = "service"

urlpatterns = [
    path("", include("guanxi.service.clocks.urls")),
    path("cases/", cases.case_list, name="cases"),
    path("cases/new", cases.open_new, name="open"),
    path("cases/<str:public_id>/", cases.show, name="case"),
    path("cases/<str:public_id>/move", cases.move, name="move"),
    path("cases/<str:public_id>/link", linking.link, name="link"),
    path("cases/<str:public_id>/link/find", linking.find, name="link_find"),
    path("cases/<str:public_id>/unlink", linking.unlink, name="unlink"),
    path("cases/<str:public_id>/conversation", linking.conversation, name="settle_in"),
    path("cases/<str:public_id>/step", cases.step, name="step"),
    path("cases/<str:public_id>/moment", cases.moment, name="moment"),
    path("settings/cases", settings.overview, name="settings"),
    path("settings/cases/criterion/<str:key>/switch", settings.switch, name="switch_criterion"),
    path("settings/cases/<str:what>/<int:number>/remove", settings.remove, name="remove_setting"),
    path("settings/cases/category/new", settings.category, name="new_category"),
    path("settings/cases/category/<int:number>", settings.category, name="category"),
    path("settings/cases/checklist/new", settings.checklist, name="new_checklist"),
    path("settings/cases/checklist/<int:number>", settings.checklist, name="checklist"),
    path("settings/cases/criterion/new", settings.criterion, name="new_criterion"),
    path("settings/cases/criterion/<int:number>", settings.criterion, name="criterion"),
]
