"""Addresses of the screens that belong to no module."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path

from guanxi.ui.lists import bulk, endpoints, export, menus, saved
from guanxi.ui.views import fields, shell

LIST = "ui/list/<slug:key>/"
screens = [
    path(f"{LIST}rows", login_required(endpoints.rows), name="list_rows"),
    path(f"{LIST}lane", login_required(endpoints.lane), name="list_lane"),
    path(f"{LIST}count", login_required(endpoints.count), name="list_count"),
    path(f"{LIST}sum", login_required(endpoints.lane_sum), name="list_sum"),
    path(f"{LIST}footer", login_required(endpoints.footer), name="list_footer"),
    path(f"{LIST}menu/<slug:name>", login_required(menus.menu), name="list_menu"),
    path(f"{LIST}filter/<slug:name>", login_required(endpoints.filter_form), name="list_filter"),
    path(f"{LIST}peek/<int:record_id>", login_required(endpoints.peek), name="list_peek"),
    path(f"{LIST}cell/<int:record_id>/<slug:column>", login_required(endpoints.cell), name="list_cell"),
    path(f"{LIST}bulk/<slug:action>", login_required(bulk.bulk), name="list_bulk"),
    path(f"{LIST}export", login_required(export.export), name="list_export"),
    path(f"{LIST}views/form", login_required(saved.view_form), name="view_form"),
    path(f"{LIST}views/new", login_required(saved.create), name="view_create"),
    path(f"{LIST}views/<int:view_id>", login_required(saved.update), name="view_update"),
    path(f"{LIST}views/<int:view_id>/delete", login_required(saved.delete), name="view_delete"),
    path("ui/bulk/<int:number>", login_required(bulk.run_page), name="bulk_run"),
    path("ui/bulk/<int:number>/progress", login_required(bulk.run_progress), name="bulk_progress"),
    path("ui/bulk/<int:number>/undo", login_required(bulk.run_undo), name="bulk_undo"),
    path("ui/edit/<slug:kind>/<int:record_id>/<slug:field>", login_required(fields.edit), name="edit"),
    path("ui/undo/<int:operation_id>", login_required(fields.undo), name="undo"),
    path("ui/cards/<slug:kind>/<int:record_id>", shell.cards, name="cards"),
    path("ui/here/<slug:kind>/<int:record_id>", shell.here, name="here"),
    path("ui/palette", shell.palette_items, name="palette"),
    path("ui/palette/search", shell.palette_search, name="palette_search"),
    path("settings/", shell.settings_home, name="settings"),
    path("ui/preferences", shell.preferences, name="preferences"),
]
urlpatterns = [path("", shell.home, name="home"), path("", include((screens, "ui")))]
