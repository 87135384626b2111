"""What the battery of invariants tries the forecasts on."""

from guanxi_methods.forecasting import ArrivalForecast
from guanxi_methods.forecasting.tests.simulated import centre
from guanxi_methods.tests.battery import Case


def rows(chance):
    moments, counts, _ = centre(chance, n_days=24, n_bins=3, size=90)
    return {"time": moments, "count": counts}


CASES = [
    Case(
        name=f"arrivals by {method}",
        make=lambda method=method: ArrivalForecast(horizon_days=3, n_origins=2, method=method),
        rows=rows,
        whole=("wape_", "wape_naive_", "forecast_", "chosen_", "profiles_", "outlier_days_"),
        tolerance=1e-7,
        words=("time",),
    )
    for method in ("auto", "mean")
]
