"""The data the models of lifetime are tried on."""

import numpy as np
import pytest

from guanxi_methods.value.lifetime import buying_history


@pytest.fixture(scope="session")
def cdnow_log(public_data):
    """CDNOW's sample: customers, days, amounts of 6,919 lines (Fader & Hardie)."""
    table = np.loadtxt(public_data("cdnow/CDNOW_sample.txt", whole=True).path, dtype=str)
    days = np.array([f"{text[:4]}-{text[4:6]}-{text[6:]}" for text in table[:, 2]], dtype="datetime64[D]")
    return table[:, 1].astype(int), days, table[:, 4].astype(float)


@pytest.fixture(scope="session")
def cdnow(cdnow_log):
    """CDNOW's customers over the 39 weeks that the papers learn from, and the 39 after."""
    return buying_history(*cdnow_log, unit="week", calibration_end="1997-09-30")
