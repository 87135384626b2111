"""Who may read measurements: the figures of the whole base are for those who may view `value`."""

from guanxi.core import access
from guanxi.insight.models import StandingRun


class StandingRunPolicy(access.Policy):
    """Measurements cover all customers, so only those who see the whole base may read them."""

    kind = "value"


access.register(StandingRun, StandingRunPolicy())
