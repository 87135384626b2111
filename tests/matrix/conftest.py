"""Every address as everybody is thousands of pages: what each was drawn from is not kept beside it."""

import pytest
from django.template.base import Template
from django.test.utils import _TestState


@pytest.fixture(autouse=True)
def _drawn_as_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's tests copy the context of every template for `response.context`, which takes a tenth of a page's time."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)
