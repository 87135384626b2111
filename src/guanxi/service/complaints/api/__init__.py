"""Complaints, promises and what they are arranged by in the API: over the same services as the pages."""

from ninja import Router

from guanxi.service.complaints.api import acting, reading

router = Router()
for _part in (reading, acting):
    router.add_router("", _part.router)

__all__ = ["router"]
