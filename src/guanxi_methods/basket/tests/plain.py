"""The same by straightforward loops: Apriori over Python sets, every split tried, chances by binomial coefficients."""

from fractions import Fraction
from itertools import combinations
from math import comb


def itemsets(baskets, min_support, max_length=None):
    """Frequent sets with their counts, level by level, every candidate counted over all baskets."""
    sets = [frozenset(basket) for basket in baskets]
    least = Fraction(min_support) * len(sets)
    found = {}
    level = {frozenset([item]) for basket in sets for item in basket}
    length = 1
    while level and (max_length is None or length <= max_length):
        counted = {candidate: sum(candidate <= basket for basket in sets) for candidate in level}
        kept = {candidate: count for candidate, count in counted.items() if count >= least}
        found |= kept
        length += 1
        joined = {one | other for one in kept for other in kept if len(one | other) == length}
        level = {c for c in joined if all(frozenset(part) in kept for part in combinations(c, length - 1))}
    return found


def rules(baskets, min_support, min_confidence, most_right=1):
    """Rules as {(left, right): (count, left count, right count, is redundant)}."""
    counts = itemsets(baskets, min_support) | {frozenset(): len(baskets)}

    def confidence(left, right):
        return Fraction(counts[left | right], counts[left])

    found = {}
    for whole in counts:
        for size in range(1, len(whole)):
            for right in map(frozenset, combinations(sorted(whole), size)):
                left = whole - right
                if (most_right is None or size <= most_right) and confidence(left, right) >= Fraction(min_confidence):
                    simpler = [frozenset(part) for n in range(len(left)) for part in combinations(left, n)]
                    found[left, right] = (
                        counts[whole],
                        counts[left],
                        counts[right],
                        any(confidence(part, right) >= confidence(left, right) for part in simpler),
                    )
    return found


def fisher(both, left, right, total):
    """The upper tail of the hypergeometric distribution, exactly."""
    ways = sum(comb(left, k) * comb(total - left, right - k) for k in range(both, min(left, right) + 1))
    return float(Fraction(ways, comb(total, right)))
