"""Bringing in orders: the target that the import engine runs, what writes its rows and what takes them back."""

from guanxi.commerce.orders_import.target import OrdersTarget

__all__ = ["OrdersTarget"]
