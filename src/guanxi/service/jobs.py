"""Work of service outside the request."""

from guanxi.service.complaints import periodic

__all__ = ["periodic"]
