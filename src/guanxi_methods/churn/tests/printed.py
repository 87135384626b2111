"""Small data sets that are printed in publications."""

# E. J. Freireich et al., Blood 21, 1963: weeks in remission of 21 pairs; 0 = last seen.
MERCAPTOPURINE = (
    [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35],
    [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0],
)
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [1] * 21)
FREIREICH = (MERCAPTOPURINE[0] + PLACEBO[0], MERCAPTOPURINE[1] + PLACEBO[1], ["6-MP"] * 21 + ["placebo"] * 21)

# M. C. Pike, Biometrics 22, 1966, as printed in Kalbfleisch & Prentice, table 1.1: days to vaginal cancer of rats.
RATS = (
    [
        143,
        164,
        188,
        188,
        190,
        192,
        206,
        209,
        213,
        216,
        220,
        227,
        230,
        234,
        246,
        265,
        304,
        216,
        244,
        142,
        156,
        163,
        198,
        205,
        232,
        232,
        233,
        233,
        233,
        233,
        239,
        240,
        261,
        280,
        280,
        296,
        296,
        323,
        204,
        344,
    ],
    [1] * 17 + [0] * 2 + [1] * 19 + [0] * 2,
    [1] * 19 + [2] * 21,
)

# S. H. Embury et al. 1977, in R. G. Miller, "Survival Analysis", 1981: weeks of remission in acute leukaemia.
AML = (
    [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45],
    [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1],
    ["maintained"] * 11 + ["not"] * 12,
)

# R. L. Parker et al. 1946, in E. T. Lee & J. W. Wang, table 4.7: years after angina pectoris, 2,418 men.
ANGINA_DEATHS = [456, 226, 152, 171, 135, 125, 83, 74, 51, 42, 43, 34, 18, 9, 6, 0]
ANGINA_LOST = [0, 39, 22, 23, 24, 107, 133, 102, 68, 64, 45, 53, 33, 27, 23, 30]

# D. M. Capaldi et al. 1996, in Singer & Willett 2003, table 11.1: grades 7 to 12 counted as periods 1 to 6,
# by parental transition (0, 1): boys, and events by period.
FIRST_EVENT = {0: (72, [2, 2, 8, 8, 10, 8]), 1: (108, [13, 5, 16, 21, 15, 18])}


def first_event():
    """Durations, events and the covariate of the 180 boys."""
    rows = []
    for transition, (boys, events) in FIRST_EVENT.items():
        for period, count in enumerate(events, 1):
            rows += [(period, 1, transition)] * count
        rows += [(6, 0, transition)] * (boys - sum(events))
    return [list(column) for column in zip(*rows, strict=True)]
