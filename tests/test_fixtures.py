"""The fixtures every module's tests lean on."""

import os

from django.conf import settings


def test_the_tests_never_touch_the_callers_own_data():
    assert str(settings.DATA_DIR).startswith(os.environ["GUANXI_TEST_RUN"])


def test_the_private_server_answers(postgres_cluster):
    url = postgres_cluster.create("answers")
    postgres_cluster.execute("SELECT 1")
    assert url.endswith("/answers")
    postgres_cluster.drop("answers")
