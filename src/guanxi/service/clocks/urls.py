"""Addresses of clocks and service levels, within those of service."""

from django.urls import path

from guanxi.service.clocks.views import history, hours, levels

urlpatterns = [
    path("cases/<str:public_id>/clocks", history.case_clocks, name="case_clocks"),
    path("settings/service-levels", levels.service_levels, name="service_levels"),
    path("settings/service-levels/new", levels.service_level_create, name="service_level_create"),
    path("settings/service-levels/hours/new", hours.own_hours, name="new_hours"),
    path("settings/service-levels/hours/<int:number>", hours.own_hours, name="hours"),
    path("settings/service-levels/<str:public_id>", levels.service_level, name="service_level"),
    path("settings/service-levels/<str:public_id>/remove", levels.service_level_remove, name="remove_level"),
]
