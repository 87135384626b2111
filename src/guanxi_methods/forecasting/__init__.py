"""Forecasts: how many calls will come, by day and time of day, with the interval they will probably lie in."""

from guanxi_methods.forecasting.arrivals import ArrivalForecast, Forecast
from guanxi_methods.forecasting.candidates import Candidate
from guanxi_methods.forecasting.daybins import DayBins
from guanxi_methods.forecasting.holdout import HoldOut, hold_out

__all__ = ["ArrivalForecast", "Candidate", "DayBins", "Forecast", "HoldOut", "hold_out"]
