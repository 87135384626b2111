"""Addresses of commerce."""

from django.urls import path

from guanxi.commerce.views import orders

app_name = "commerce"

urlpatterns = [
    path("orders/", orders.order_list, name="orders"),
    path("orders/<str:key>/", orders.show, name="order"),
]
