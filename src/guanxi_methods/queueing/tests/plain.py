"""A second, plain way to the same figures: the states of the line one by one, and a simulated line."""

import heapq

import numpy as np


def states(load: float, agents: int, hanging: float = 0.0, most: int = 20_000) -> np.ndarray:
    """The long-run share of time with k callers in the system, by the balance of flows; `hanging` is per handling time."""
    logs = np.empty(most)
    logs[0] = 0.0
    for k in range(1, most):
        logs[k] = logs[k - 1] + np.log(load) - np.log(min(k, agents) + max(0, k - agents) * hanging)
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def line(
    *, rate: float, aht: float, patience: float, agents: int, target: float, calls: int, seed: int
) -> tuple[float, float, float]:
    """A simulated line, first come first served: shares answered in time, waiting and hung up."""
    chance = np.random.default_rng(seed)
    arrivals = np.cumsum(chance.exponential(1 / rate, calls))
    handling, patient = chance.exponential(aht, calls), chance.exponential(patience, calls)
    free = [0.0] * agents
    in_time = waiting = hung_up = 0
    for at, length, limit in zip(arrivals, handling, patient, strict=True):
        wait = max(0.0, free[0] - at)
        waiting += wait > 0
        if wait > limit:
            hung_up += 1
            continue
        in_time += wait <= target
        heapq.heapreplace(free, at + wait + length)
    return in_time / calls, waiting / calls, hung_up / calls


def centre_step_by_step(centre, draws):
    """A centre with several skills: every agent a record, every decision by looking at all of them.

    Returns when each call was answered (infinity for none) and by which group (-1 nobody, -2 no line was free).
    """
    agents = []
    names = [kind.name for kind in centre.call_types]
    moves = [(at, -number, place, number) for at, place, number in centre.staff_changes()]
    moves.sort(key=lambda move: move[:2])
    n_calls = draws.arrivals.size
    answered, by = [np.inf] * n_calls, [-1] * n_calls
    waiting = []
    place = 0

    def level(group, call):
        return centre.groups[group].levels.get(names[draws.kinds[call]])

    def takes(agent, now):
        """An agent who is free takes the right call, if there is one."""
        waiting[:] = [call for call in waiting if draws.limits[call] >= now]
        mine = [call for call in waiting if level(agent["group"], call)]
        if not mine:
            agent["since"] = now
            return
        rank = {
            "longest-waiting": lambda call: 0,
            "priority": lambda call: centre.call_types[draws.kinds[call]].priority,
            "skill-priority": lambda call: level(agent["group"], call),
        }[centre.choose_call]
        call = min(mine, key=lambda call: (rank(call), draws.arrivals[call]))
        waiting.remove(call)
        begins(agent, call, now)

    def begins(agent, call, now):
        answered[call], by[call] = now, agent["group"]
        agent["since"] = None
        agent["until"] = now + draws.handling[call] * centre.groups[agent["group"]].aht_factor

    while True:
        busy = [agent for agent in agents if agent["since"] is None]
        ends = min((agent["until"] for agent in busy), default=np.inf)
        moving = moves[0][0] if moves else np.inf
        coming = draws.arrivals[place] if place < n_calls else np.inf
        now = min(ends, moving, coming)
        if now == np.inf:
            return answered, by
        if ends == now:
            agent = min(busy, key=lambda one: one["until"])
            leaving = [one for one in agents if one["group"] == agent["group"] and one["goes"]]
            if leaving:
                leaving[0]["goes"] = False
                agents.remove(agent)
            else:
                takes(agent, now)
        elif moving == now:
            _, _, group, number = moves.pop(0)
            for _ in range(abs(number)):
                if number > 0:
                    agents.append({"group": group, "since": now, "until": 0.0, "goes": False})
                    takes(agents[-1], now)
                    continue
                idle = [one for one in agents if one["group"] == group and one["since"] is not None]
                if idle:
                    agents.remove(min(idle, key=lambda one: one["since"]))
                else:
                    next(one for one in agents if one["group"] == group and not one["goes"])["goes"] = True
        else:
            call, place = place, place + 1
            waiting[:] = [other for other in waiting if draws.limits[other] >= now]
            if centre.lines is not None and len(waiting) + len(busy) >= centre.lines:
                by[call] = -2
                continue
            free = [one for one in agents if one["since"] is not None and level(one["group"], call)]
            if free:
                by_skill = centre.choose_agent == "skill-priority"
                ranked = [
                    (level(one["group"], call) if by_skill else 0, one["since"], one["group"], number)
                    for number, one in enumerate(free)
                ]
                begins(free[min(ranked)[-1]], call, now)
            else:
                waiting.append(call)


def n_design(*, rates, aht, patience, only_first, both, most=18):
    """The balance of flows of two kinds of calls, the first with agents of its own, both sharing the others.

    The first kind goes to its own agents if one is free, else to a shared one; a shared agent who becomes free takes the
    first kind first. Returns the shares of calls that wait and that hang up, by kind.
    """
    states = [
        (own, shared, first, second)
        for own in range(only_first + 1)
        for shared in range(both + 1)
        for first in range(most + 1)
        for second in range(most + 1)
        if (first == 0 or (own == only_first and shared == both)) and (second == 0 or shared == both)
    ]
    place = {state: number for number, state in enumerate(states)}
    flows = np.zeros((len(states), len(states)))

    def flow(state, to, rate):
        if rate and to in place:
            flows[place[state], place[to]] += rate

    for state in states:
        own, shared, first, second = state
        if own < only_first:
            flow(state, (own + 1, shared, first, second), rates[0])
        elif shared < both:
            flow(state, (own, shared + 1, first, second), rates[0])
        else:
            flow(state, (own, shared, first + 1, second), rates[0])
        flow(state, (own, shared + 1, first, second) if shared < both else (own, shared, first, second + 1), rates[1])
        flow(state, (own, shared, first - 1, second), first / patience)
        flow(state, (own, shared, first, second - 1), second / patience)
        flow(state, (own, shared, first - 1, second) if first else (own - 1, shared, first, second), own / aht)
        if first:
            to = (own, shared, first - 1, second)
        else:
            to = (own, shared, first, second - 1) if second else (own, shared - 1, first, second)
        flow(state, to, shared / aht)
    balance = (flows - np.diag(flows.sum(axis=1))).T
    balance[-1] = 1
    shares = np.linalg.solve(balance, np.eye(len(states))[-1])
    table = np.array(states)
    all_busy = (table[:, 0] == only_first) & (table[:, 1] == both)
    waits = [shares[all_busy].sum(), shares[table[:, 1] == both].sum()]
    hung_up = [(shares * table[:, 2 + kind]).sum() / patience / rates[kind] for kind in (0, 1)]
    return waits, hung_up
