"""Policies of integration, loaded when Django is ready."""

from guanxi.integration.webhooks import policies

__all__ = ["policies"]
