"""Addresses of insight."""

from django.urls import path

from guanxi.insight.views import desk_figures, value

app_name = "insight"
urlpatterns = [
    path("value", value.value_page, name="value"),
    path("value/measure", value.measure, name="value_measure"),
    path("figures/service", desk_figures.desk_figures, name="desk_figures"),
    path("value/dates", value.add_date, name="value_dates"),
]
