"""Addresses of complaints, promises and silent customers."""

from django.urls import path

from guanxi.service.complaints.views import complaints, figures, promises, settings

app_name = "complaints"

urlpatterns = [
    path("complaints/", complaints.complaint_list, name="list"),
    path("complaints/pareto", figures.pareto_page, name="pareto"),
    path("complaints/silent", figures.silent, name="silent"),
    path("complaints/silent/call", figures.call, name="call"),
    path("promises/", promises.promise_list, name="promises"),
    path("promises/new", promises.create, name="promise_new"),
    path("promises/<str:public_id>/", promises.show, name="promise"),
    path("promises/<str:public_id>/act", promises.act, name="promise_act"),
    path("settings/complaints", settings.show, name="settings"),
    path("settings/complaints/<slug:what>/new", settings.change, name="setting_new"),
    path("settings/complaints/<slug:what>/<int:number>", settings.change, name="setting"),
    path("settings/complaints/rule/<int:number>/remove", settings.remove_rule, name="remove_rule"),
    path("cases/<str:public_id>/complaint", complaints.show, name="complaint"),
    path("cases/<str:public_id>/complaint/begin", complaints.begin, name="begin"),
    path("cases/<str:public_id>/complaint/file.pdf", complaints.file, name="file"),
    path("cases/<str:public_id>/complaint/reply.pdf", complaints.reply, name="reply"),
    path("cases/<str:public_id>/complaint/<str:what>", complaints.act, name="act"),
]
