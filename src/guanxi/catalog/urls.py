"""Addresses of the catalogue."""

from django.urls import path

from guanxi.catalog.views import products

app_name = "catalog"

urlpatterns = [
    path("products/", products.product_list, name="products"),
    path("products/<str:key>/", products.show, name="product"),
]
