"""The models a second time, plainly: likelihoods in closed form or by numerical integration, one customer at a time."""

from math import exp, inf, lgamma, log

from scipy.integrate import dblquad, quad


def log_beta(a, b):
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def bgnbd(params, x, t_x, T):
    """Logarithm of the likelihood of one customer: Fader, Hardie & Lee 2005."""
    r, alpha, a, b = params
    whole = log_beta(a, b + x) - log_beta(a, b) - (r + x) * log(alpha + T)
    total = exp(whole)
    if x > 0:
        total += exp(log_beta(a + 1, b + x - 1) - log_beta(a, b) - (r + x) * log(alpha + t_x))
    return lgamma(r + x) - lgamma(r) + r * log(alpha) + log(total)


def mbgnbd(params, x, t_x, T):
    """Logarithm of the likelihood of one customer: Batislam, Denizel & Filiztekin 2007."""
    r, alpha, a, b = params
    total = exp(log_beta(a, b + x + 1) - log_beta(a, b) - (r + x) * log(alpha + T))
    total += exp(log_beta(a + 1, b + x) - log_beta(a, b) - (r + x) * log(alpha + t_x))
    return lgamma(r + x) - lgamma(r) + r * log(alpha) + log(total)


def pareto(params, x, t_x, T):
    """Logarithm of the likelihood of one customer, integrated over both rates: buying and leaving."""
    r, alpha, s, beta = params

    def given(mu):
        """The integral over the rate of buying, closed for each moment of leaving, by quadrature over those."""
        alive = exp(-mu * T) * (alpha + T) ** -(r + x)
        gone = (
            quad(lambda u: mu * exp(-mu * u) * (alpha + u) ** -(r + x), t_x, T, epsabs=0, epsrel=1e-11)[0]
            if t_x < T
            else 0
        )
        return (alive + gone) * exp(s * log(beta) + (s - 1) * log(mu) - beta * mu - lgamma(s))

    # over ln mu, where the density has no pole
    whole = quad(lambda y: given(exp(y)) * exp(y), -40, log(60 / beta), limit=400, epsabs=0, epsrel=1e-10)[0]
    return lgamma(r + x) - lgamma(r) + r * log(alpha) + log(whole)


def pareto_alive(params, x, t_x, T):
    """P(alive): Bayes' rule over the rate of leaving."""
    r, alpha, s, beta = params
    alive = lgamma(r + x) - lgamma(r) + r * log(alpha) + s * log(beta) - (r + x) * log(alpha + T) - s * log(beta + T)
    return exp(alive - pareto(params, x, t_x, T))


def stopped(shape, scale, a, b, t):
    """Expected purchases in a time t of who buys at a gamma distributed rate and leaves with a beta distributed p.

    For a rate and a probability p it is (1 - exp(-rate p t)) / p; integrated over both.
    """

    def integrand(y, p):
        rate = exp(y)
        density = exp(shape * log(scale) + shape * y - scale * rate - lgamma(shape))
        chance = exp((a - 1) * log(p) + (b - 1) * log(1 - p) - log_beta(a, b))
        return (1 - exp(-rate * p * t)) / p * density * chance

    return dblquad(integrand, 0, 1, -30 / min(shape, 1), log((shape + 60) / scale), epsabs=0, epsrel=1e-8)[0]


def bgbb(params, x, t_x, n):
    """Logarithm of the likelihood of one row: Fader, Hardie & Shang 2010, term by term."""
    alpha, beta, gamma, delta = params
    total = exp(
        log_beta(alpha + x, beta + n - x) - log_beta(alpha, beta) + log_beta(gamma, delta + n) - log_beta(gamma, delta)
    )
    for i in range(n - t_x):
        total += exp(
            log_beta(alpha + x, beta + t_x - x + i)
            - log_beta(alpha, beta)
            + log_beta(gamma + 1, delta + t_x + i)
            - log_beta(gamma, delta)
        )
    return log(total)


def bgbb_ahead(params, x, t_x, n, ahead):
    """Expected purchases at the next occasions by the closed form, eq. 13."""
    alpha, beta, gamma, delta = params
    first = exp(log_beta(alpha + x + 1, beta + n - x) - log_beta(alpha, beta)) / exp(bgbb(params, x, t_x, n))
    second = delta / (gamma - 1) * exp(lgamma(gamma + delta) - lgamma(1 + delta))
    third = exp(lgamma(1 + delta + n) - lgamma(gamma + delta + n))
    fourth = exp(lgamma(1 + delta + n + ahead) - lgamma(gamma + delta + n + ahead))
    return first * second * (third - fourth)


def gammagamma(params, x, z):
    """Logarithm of the density of one customer's mean value, integrated over the customer's rate."""
    p, q, v = params

    def integrand(y):
        nu = exp(y)
        # the mean of x gamma(p, nu) values is gamma(p x, nu x) distributed
        mean = p * x * log(nu * x) + (p * x - 1) * log(z) - nu * x * z - lgamma(p * x)
        return exp(mean + q * log(v) + q * y - v * nu - lgamma(q))

    peak = log((p * x + q) / (v + x * z))
    return log(quad(integrand, peak - 12, peak + 6, epsabs=0, epsrel=1e-11, limit=200)[0])


def sbg(params, survivors):
    """Logarithm of the likelihood of one cohort: Fader & Hardie 2007, eq. B3."""
    alpha, beta = params
    chance, total, still = alpha / (alpha + beta), 0.0, 1.0
    for t in range(1, len(survivors)):
        if t > 1:
            chance *= (beta + t - 2) / (alpha + beta + t - 1)
        total += (survivors[t - 1] - survivors[t]) * log(chance)
        still -= chance
    return total + survivors[-1] * log(still) if survivors[-1] else total


def history(rows, end):
    """x, t_x and T in days and the purchases after the end, of a log of (customer, day, amount)."""
    days = {}
    for customer, day, amount in rows:
        if amount >= 0:
            days.setdefault(customer, {}).setdefault(day, 0)
            days[customer][day] += amount
    made = {}
    for customer in sorted(days):
        first = min(days[customer])
        if first > end:
            continue
        later = sorted(day for day in days[customer] if first < day <= end)
        spent = [days[customer][day] for day in later]
        made[customer] = (
            len(later),
            (later[-1] if later else first) - first,
            end - first,
            sum(spent) / len(spent) if spent else None,
            sum(1 for day in days[customer] if day > end),
        )
    return made


def highest(log_likelihood, starts, bounds=18):
    """The highest top that a search without derivatives finds; the logarithms of the parameters and the value."""
    from scipy.optimize import minimize

    best = (-inf, None)
    for start in starts:
        found = minimize(
            lambda logs: -log_likelihood([exp(max(-bounds, min(bounds, value))) for value in logs]),
            [log(value) for value in start],
            method="Nelder-Mead",
            options={"maxiter": 4000, "maxfev": 4000, "xatol": 1e-7, "fatol": 1e-9},
        )
        best = max(best, (-found.fun, found.x.tolist()), key=lambda pair: pair[0])
    return best
