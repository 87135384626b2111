"""Where the time of one page goes: `python -m guanxi.project.bench.profiling USER PATH [TOKEN]`, in the environment to
profile; with a token of the API it is asked as a program asks."""

import cProfile
import io
import os
import pstats
import sys
import time

TIMES = 20
FUNCTIONS = 18


def profile(user_name: str, path: str, token: str = "") -> str:
    """Return the statements and the functions that one page spends its time in, averaged over some calls."""
    import django  # a process of its own: nothing is set up yet

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from guanxi.core.models import User

    settings.ALLOWED_HOSTS.append("testserver")
    client = Client(headers={"authorization": f"Bearer {token}"} if token else {})
    if not token:
        client.force_login(User.objects.get(username=user_name))
    client.get(path)
    spent: dict[str, list[float]] = {}

    def timed(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        """Note how long a statement takes."""
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.setdefault(sql, []).append(time.perf_counter() - started)

    profiler = cProfile.Profile()
    started = time.perf_counter()
    with connection.execute_wrapper(timed):
        profiler.enable()
        for _number in range(TIMES):
            client.get(path)
        profiler.disable()
    total = (time.perf_counter() - started) / TIMES
    lines = [f"GET {path}: {1000 * total:.1f} ms a call alone, profiler included"]
    lines.append(f"{sum(map(len, spent.values())) / TIMES:.0f} statements, {_ms(sum(map(sum, spent.values())))} ms:")
    for sql, times in sorted(spent.items(), key=lambda item: -sum(item[1]))[:6]:
        lines.append(f"  {_ms(sum(times))} ms  {' '.join(sql.split())[:220]}")
    target = io.StringIO()
    pstats.Stats(profiler, stream=target).strip_dirs().sort_stats("tottime").print_stats(FUNCTIONS)
    table = target.getvalue().splitlines()
    begin = next((index for index, line in enumerate(table) if line.lstrip().startswith("ncalls")), 0)
    return "\n".join([*lines, f"functions, {TIMES} calls:", *(line.rstrip() for line in table[begin:] if line.strip())])


def _ms(seconds: float) -> str:
    """Return the share of one call in milliseconds."""
    return f"{1000 * seconds / TIMES:.1f}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")
    sys.stdout.write(profile(*sys.argv[1:4]) + "\n")
