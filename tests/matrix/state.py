"""One digest over every row that is no log."""

import hashlib

from django.apps import apps

from tests.matrix.trying import LOGS


def digest_of_rows() -> str:
    """Every row of every table of the product but sessions and logs."""
    digest = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda model: model._meta.db_table):
        if model._meta.managed and not LOGS.match(model._meta.db_table):
            manager = getattr(model, "everything", model._base_manager)
            for row in manager.order_by("pk").values_list():
                digest.update(repr((model._meta.db_table, row)).encode())
    return digest.hexdigest()
