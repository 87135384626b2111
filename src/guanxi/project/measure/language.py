"""The language of what `guanxi measure` says: that of the shell, without the settings of an installation."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils import translation

SOURCES = Path(__file__).resolve().parents[3]


def prepare() -> None:
    """Make translations work where no installation is: nothing is read from the environment but the language."""
    if not settings.configured:
        settings.configure(
            USE_I18N=True,
            USE_TZ=True,
            LANGUAGE_CODE="en",
            LANGUAGES=[("en", "English"), ("zh-hans", "简体中文")],
            LOCALE_PATHS=[
                str(SOURCES / app / "locale") for app in ("guanxi/project", "guanxi/importing", "guanxi_methods")
            ],
        )
        apps.populate(())


def of_the_shell() -> str:
    """Chinese where the locale of the shell is Chinese, else English."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh-hans" if value.lower().startswith("zh") else "en"
    return "en"


@contextmanager
def spoken() -> Iterator[None]:
    """Everything inside is said in the language of the shell."""
    prepare()
    with translation.override(of_the_shell()):
        yield
