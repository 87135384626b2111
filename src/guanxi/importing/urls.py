"""Addresses of importing."""

from django.urls import path

from guanxi.importing.views import acts, imports, mappings

app_name = "importing"

urlpatterns = [
    path("imports/", imports.import_list, name="list"),
    path("imports/new", imports.start, name="start"),
    path("imports/template/<str:target>.csv", imports.template, name="template"),
    path("imports/<str:key>/", imports.show, name="show"),
    path("imports/<str:key>/columns", imports.columns, name="columns"),
    path("imports/<str:key>/sample", imports.sample, name="sample"),
    path("imports/<str:key>/progress", imports.progress, name="progress"),
    path("imports/<str:key>/refused.csv", imports.refused_file, name="refused"),
    path("imports/<str:key>/mapping", acts.choose_mapping, name="choose_mapping"),
    path("imports/<str:key>/save-mapping", acts.save_mapping, name="save_mapping"),
    path("imports/<str:key>/correct", acts.correct, name="correct"),
    path("imports/<str:key>/commit", acts.commit, name="commit"),
    path("imports/<str:key>/undo", acts.undo, name="undo"),
    path("imports/<str:key>/discard", acts.discard, name="discard"),
    path("settings/mappings/", mappings.mapping_list, name="mappings"),
    path("settings/mappings/<int:mapping_id>", mappings.change, name="mapping"),
    path("settings/mappings/<int:mapping_id>/remove", mappings.remove, name="remove_mapping"),
    path("settings/mappings/<int:mapping_id>.json", mappings.download, name="mapping_file"),
]
