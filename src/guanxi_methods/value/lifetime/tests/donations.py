"""The donors of Fader, Hardie & Shang 2010, table 1: 11,104 people who first gave in 1995, six yearly occasions after.

Rows of x, t_x, n and how many donors.
"""

ROWS = (
    (6, 6, 6, 1203), (5, 6, 6, 728), (4, 6, 6, 512), (3, 6, 6, 357), (2, 6, 6, 234), (1, 6, 6, 129),
    (5, 5, 6, 335), (4, 5, 6, 284), (3, 5, 6, 225), (2, 5, 6, 173), (1, 5, 6, 119),
    (4, 4, 6, 240), (3, 4, 6, 181), (2, 4, 6, 155), (1, 4, 6, 78),
    (3, 3, 6, 322), (2, 3, 6, 255), (1, 3, 6, 129),
    (2, 2, 6, 613), (1, 2, 6, 277), (1, 1, 6, 1091), (0, 0, 6, 3464),
)  # fmt: skip
X, T_X, N, COUNT = (list(column) for column in zip(*ROWS, strict=True))
