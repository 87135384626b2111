"""Clocks of cases, and calendars of one's own, for programs."""

from guanxi.service.clocks.api.clocks import router
from guanxi.service.clocks.api.hours import router as hours_router

__all__ = ["hours_router", "router"]
