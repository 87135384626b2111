"""What integration does when something happened: it tells other systems."""

from guanxi.core import outbound
from guanxi.integration.webhooks.spreading import spread

outbound.listen(spread)
