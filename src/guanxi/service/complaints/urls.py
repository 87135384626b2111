"""Addresses of complaints and promises."""

from django.urls import path

from guanxi.service.complaints import views

app_name = "complaints"

urlpatterns = [
    path("cases/<str:public_id>/complaint", views.show, name="complaint"),
    path("cases/<str:public_id>/complaint/file.pdf", views.file, name="file"),
    path("cases/<str:public_id>/complaint/reply.pdf", views.reply, name="reply"),
    path("cases/<str:public_id>/complaint/<str:what>", views.act, name="act"),
]
