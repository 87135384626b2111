"""pytest plugin of the project: options, the environment tests run in, what was left out and why.

pyproject.toml loads it with `-p tests.plugin`, before Django reads its settings.
"""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from django.utils import translation

from tests import databases, postgres, reporting
from tests.postgres import RUN_FOLDER, run_folder

# Fixtures that bring a database: into this process, or to processes of their own (which take longer to start).
IN_PROCESS = {"db", "transactional_db"}
OWN_PROCESS = {"guanxi", "empty_guanxi", "live_guanxi", "demo_guanxi"}
# The modules that speak to the database in words of its own or lean on its locks most: on PostgreSQL the quick suite
# runs their tests alone. Walks through the whole of it, in tests/, are left to SQLite and to the full suite.
QUICK_ON_BOTH = {"core", "search", "customers"}

pytest_plugins = ["tests.public_data", "tests.installation", "tests.browsing", "tests.mail_servers", "tests.roles"]


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options of the suite."""
    pluginmanager.register(reporting)
    group = parser.getgroup("guanxi")
    group.addoption("--db", choices=["sqlite", "postgres"], default="sqlite", help="the database the tests run on")
    group.addoption("--full", action="store_true", help="run the tests marked full as well")
    group.addoption(
        "--nothing-left-out",
        action="store_true",
        help="fail where a test would be skipped because the machine lacks a part",
    )
    group.addoption("--update-baselines", action="store_true", help="write committed baselines anew")
    group.addoption(
        "--database-only",
        action="store_true",
        help="run only tests that use a database, none with a browser; without --full only those of some modules",
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Point the environment at an empty data folder and the chosen database before the settings are read."""
    # What is loaded until the first test stays to the end: looking for garbage in it takes longer than loading it.
    gc.disable()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        prepare_environment(early_config.known_args_namespace.db)
    return (yield)


def prepare_environment(database: str) -> None:
    """Make the folder of this run and take every setting of the caller's own Guanxi out of the environment."""
    kept = {"GUANXI_TEST_DATA", "GUANXI_SCREENSHOTS"}
    for name in [name for name in os.environ if name.startswith("GUANXI_") and name not in kept]:
        del os.environ[name]
    os.environ.pop("DATABASE_URL", None)
    run = Path(tempfile.mkdtemp(prefix="guanxi-test-"))
    # The PostgreSQL server runs as another user and must be able to reach its own folder inside.
    run.chmod(0o711)
    # Not a hook of pytest: those are not called when the settings cannot be read.
    atexit.register(clean_up, run, os.getpid())
    os.environ[RUN_FOLDER] = str(run)
    os.environ["GUANXI_DATA"] = str(run / "data")
    # Hundreds of processes load the same thousand modules: compiled once, not by each of them, whoever's habit it is.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    os.environ["PYTHONHASHSEED"] = os.environ.get("PYTHONHASHSEED", "0")
    # Two processes whose linear algebra spreads over all processors wait for one another more than they count.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    if database == "postgres":
        missing = postgres.what_is_missing()
        if missing:
            raise pytest.UsageError(f"--db postgres: {missing}")
        os.environ["DATABASE_URL"] = postgres.shared_cluster(run).url("guanxi")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make the in-process tests use a database file of their own and a fast password hash."""
    config.pluginmanager.register(databases)
    if not config.option.basetemp:
        # Removed with the run: installations and wheels take too much room to be kept three times over.
        config.option.basetemp = str(run_folder() / "tmp")
    from django.conf import settings  # only now: the environment above must be in place

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if not os.environ.get("DATABASE_URL"):
        # A file, not memory: locking and write-ahead logging then behave as they do in use.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(run_folder() / "test.sqlite3")


def clean_up(run: Path, process: int) -> None:
    """Stop the PostgreSQL server of this run, if one was started, and remove the run's folder."""
    if os.getpid() == process:
        postgres.stop_shared_cluster(run)
        shutil.rmtree(run, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures they use and keep those that this run asks for."""
    kept, dropped = [], []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:
            item.add_marker("browser")
        if "postgres_cluster" in fixtures:
            item.add_marker("postgres")
        (kept if is_wanted(config, item, fixtures) else dropped).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept
    if hasattr(config, "workerinput"):
        items.sort(key=longest_files_first(items))
        begin_side_by_side(items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Everything is loaded: look for garbage from now on, and never in what was loaded."""
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()


def longest_files_first(items: list[pytest.Item]) -> Callable[[pytest.Item], float]:
    """An order in which no process is left alone with a long file at the end; within a file nothing changes."""
    weights: dict[Path, float] = {}
    for item in items:
        patience = item.get_closest_marker("timeout")
        weight = 1.0 + (20 if item.get_closest_marker("full") or has_own_process(item) else 0)
        if patience is not None and patience.args:
            weight += patience.args[0] / 5
        weights[item.path] = weights.get(item.path, 0.0) + weight
    return lambda item: -weights[item.path]


def begin_side_by_side(items: list[pytest.Item]) -> None:
    """Put in front a file that has the demo company made, then one that waits neither for it nor, if there is one, for a database.

    Whoever is the first to ask for either makes it while all others that ask wait.
    """
    wanted: dict[Path, set[str]] = {}
    for item in items:
        marked = {"db"} if item.get_closest_marker("django_db") else set()
        wanted.setdefault(item.path, set()).update(marked, getattr(item, "fixturenames", ()))
    begins = next((path for path, names in wanted.items() if "demo_guanxi" in names), None)
    others = [path for path, names in wanted.items() if "demo_guanxi" not in names]
    without = [path for path in others if wanted[path].isdisjoint(IN_PROCESS | {"installations"})]
    beside = next(iter(without or others), None)
    items.sort(key=lambda item: {begins: 0, beside: 1}.get(item.path, 2))


def has_own_process(item: pytest.Item) -> bool:
    """Whether a test starts processes of Guanxi or a browser."""
    return not (OWN_PROCESS | {"browser"}).isdisjoint(getattr(item, "fixturenames", ()))


def is_wanted(config: pytest.Config, item: pytest.Item, fixtures: set[str]) -> bool:
    """Whether this run asks for this test."""
    is_full = config.getoption("--full")
    is_apart = has_own_process(item)
    if not is_full and (item.get_closest_marker("full") or (is_apart and not item.get_closest_marker("smoke"))):
        return False
    if not config.getoption("--database-only"):
        return True
    if not is_full and (is_apart or QUICK_ON_BOTH.isdisjoint(item.path.parts)):
        return False
    uses_database = item.get_closest_marker("django_db") or fixtures & (IN_PROCESS | OWN_PROCESS)
    # A test with the postgres mark has run on PostgreSQL in the first pass already.
    return bool(uses_database) and not item.get_closest_marker("browser") and not item.get_closest_marker("postgres")


@pytest.fixture(autouse=True)
def _language_of_the_company() -> Generator[None]:
    """A request in another language leaves it behind in its thread: the next test begins with the company's."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def postgres_cluster(pytestconfig: pytest.Config) -> postgres.Cluster:
    """The private PostgreSQL server of this run: `.url(name)` addresses a database, `.create(name)` makes one."""
    missing = postgres.what_is_missing()
    if missing:
        reporting.leave_out(pytestconfig, "PostgreSQL", missing)
    return postgres.shared_cluster(run_folder())
