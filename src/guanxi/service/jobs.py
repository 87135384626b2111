"""Work of service outside the request; each part has its own file."""

from guanxi.service.clocks import jobs as clock_jobs
from guanxi.service.complaints import periodic

__all__ = ["clock_jobs", "periodic"]
