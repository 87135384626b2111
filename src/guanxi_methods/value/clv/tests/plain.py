"""A second implementation in plain Python, written from the definitions alone."""


def value_by_walking(probabilities, margin, cost, rate, periods):
    """Follow the share of customers in each state, period after period, and add what they bring."""
    size = len(probabilities)
    worth = []
    for start in range(size + 1):
        standing = [0.0] * (size + 1)
        standing[start] = 1.0
        total = 0.0
        for t in range(periods + 1):
            flow = standing[0] * margin - cost * sum(standing[:size])
            total += flow * (1 / (1 + rate)) ** t
            moved = [0.0] * (size + 1)
            for state in range(size):
                moved[0] += standing[state] * probabilities[state]
                moved[state + 1] += standing[state] * (1 - probabilities[state])
            moved[size] += standing[size]
            standing = moved
        worth.append(total)
    return worth


def buyers_by_last_purchase(probabilities, buyers, periods):
    """Of those who bought j periods ago, who have not since, how many buy now."""
    bought = [buyers]
    for now in range(1, periods + 1):
        total = 0.0
        for j in range(1, min(len(probabilities), now) + 1):
            still_away = 1.0
            for k in range(1, j):
                still_away *= 1 - probabilities[k - 1]
            total += bought[now - j] * probabilities[j - 1] * still_away
        bought.append(total)
    return bought


def counts(rows, end, length, size):
    """Trials and purchases by state, customer by customer and period by period."""
    bought_in = {}
    for customer, day in rows:
        if day <= end:
            bought_in.setdefault(customer, set()).add(-((end - day) // length))
    trials, bought = [0] * size, [0] * size
    by_customer = {}
    for customer, periods in bought_in.items():
        away = 1
        mine = ([0] * size, [0] * size)
        for period in range(min(periods) + 1, 1):
            if away <= size:
                trials[away - 1] += 1
                mine[0][away - 1] += 1
            if period in periods:
                if away <= size:
                    bought[away - 1] += 1
                    mine[1][away - 1] += 1
                away = 1
            else:
                away += 1
        by_customer[customer] = (*mine, min(away, size + 1))
    return trials, bought, by_customer


def retention(gc, m, n, r, d):
    """One customer-year after the other."""
    total, alive = 0.0, 1.0
    for year in range(n + 1):
        total += gc * alive / (1 + d) ** year
        if year < n:
            total -= m * alive / (1 + d) ** (year + 0.5)
        alive *= r
    return total
