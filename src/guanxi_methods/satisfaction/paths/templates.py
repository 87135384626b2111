"""The published satisfaction index models, ready to be filled: which constructs, which paths.

Items are named by the letters of the construct and a number; replace them by the columns of your own survey.
"""

from __future__ import annotations

from guanxi_methods.satisfaction.paths.model import Construct, StructuralModel

# Fornell, Johnson, Anderson, Cha & Bryant 1996, figure 1 and table 1: 15 manifest variables; those of loyalty are the
# repurchase likelihood and the price tolerance, itself made of two questions.
ACSI = StructuralModel(
    (
        Construct("Expectations", ("expectation_overall", "expectation_customization", "expectation_reliability")),
        Construct("Quality", ("quality_overall", "quality_customization", "quality_reliability")),
        Construct("Value", ("price_given_quality", "quality_given_price")),
        Construct("Satisfaction", ("satisfaction_overall", "satisfaction_confirmation", "satisfaction_ideal")),
        Construct("Complaints", ("complaint",), scale=(0, 1)),
        Construct("Loyalty", ("repurchase_likelihood", "price_tolerance")),
    ),
    (
        ("Expectations", "Quality"),
        ("Expectations", "Value"),
        ("Expectations", "Satisfaction"),
        ("Quality", "Value"),
        ("Quality", "Satisfaction"),
        ("Value", "Satisfaction"),
        ("Satisfaction", "Complaints"),
        ("Satisfaction", "Loyalty"),
        ("Complaints", "Loyalty"),
    ),
    (1, 10),
)

# Tenenhaus, Esposito Vinzi, Chatelin & Lauro 2005, figure 1 and table 1: the mobile phone questionnaire.
ECSI = StructuralModel(
    (
        Construct("Image", ("IMAG1", "IMAG2", "IMAG3", "IMAG4", "IMAG5")),
        Construct("Expectation", ("CUEX1", "CUEX2", "CUEX3")),
        Construct("Quality", ("PERQ1", "PERQ2", "PERQ3", "PERQ4", "PERQ5", "PERQ6", "PERQ7")),
        Construct("Value", ("PERV1", "PERV2")),
        Construct("Satisfaction", ("CUSA1", "CUSA2", "CUSA3")),
        Construct("Complaints", ("CUSCO",)),
        Construct("Loyalty", ("CUSL1", "CUSL2", "CUSL3")),
    ),
    (
        ("Image", "Expectation"),
        ("Image", "Satisfaction"),
        ("Image", "Loyalty"),
        ("Expectation", "Quality"),
        ("Expectation", "Value"),
        ("Expectation", "Satisfaction"),
        ("Quality", "Value"),
        ("Quality", "Satisfaction"),
        ("Value", "Satisfaction"),
        ("Satisfaction", "Complaints"),
        ("Satisfaction", "Loyalty"),
        ("Complaints", "Loyalty"),
    ),
    (1, 10),
)

# China Customer Satisfaction Index (AQSIQ and Tsinghua University's China Business Research Centre, guide of 2003): six
# constructs, eleven paths, no complaints. No print was at hand that draws the eleven; these are the ten of the European
# model without complaints, and the image's effect on perceived quality. Change them where your print differs.
CCSI = StructuralModel(
    (
        Construct("Image", ("image_overall", "image_distinctive")),
        Construct("Expectation", ("expectation_overall", "expectation_customization", "expectation_reliability")),
        Construct("Quality", ("quality_overall", "quality_customization", "quality_reliability")),
        Construct("Value", ("price_given_quality", "quality_given_price")),
        Construct("Satisfaction", ("satisfaction_overall", "satisfaction_confirmation", "satisfaction_ideal")),
        Construct("Loyalty", ("repurchase_likelihood", "price_tolerance")),
    ),
    (
        ("Image", "Expectation"),
        ("Image", "Quality"),
        ("Image", "Satisfaction"),
        ("Image", "Loyalty"),
        ("Expectation", "Quality"),
        ("Expectation", "Value"),
        ("Expectation", "Satisfaction"),
        ("Quality", "Value"),
        ("Quality", "Satisfaction"),
        ("Value", "Satisfaction"),
        ("Satisfaction", "Loyalty"),
    ),
    (1, 10),
)

TEMPLATES = {"acsi": ACSI, "ecsi": ECSI, "ccsi": CCSI}
