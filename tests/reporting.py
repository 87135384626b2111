"""What a run of the tests left out or wants to say at its end, gathered from all its workers."""

import pytest

LEFT_OUT = pytest.StashKey[dict[str, str]]()
NOTES = pytest.StashKey[dict[str, str]]()


def leave_out(config: pytest.Config, part: str, why: str) -> None:
    """Skip the running test because the machine lacks a part; with --nothing-left-out fail instead."""
    if config.getoption("--nothing-left-out"):
        pytest.fail(f"left out: {part}: {why}", pytrace=False)
    config.stash[LEFT_OUT][part] = why
    pytest.skip(f"left out: {part}: {why}")


def note(config: pytest.Config, subject: str, text: str) -> None:
    """Have one line said at the end of the run."""
    config.stash[NOTES][subject] = text


def pytest_configure(config: pytest.Config) -> None:
    """Start with nothing left out."""
    config.stash[LEFT_OUT] = {}
    config.stash[NOTES] = {}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what a worker left out or noted to the controller."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["guanxi_left_out"] = session.config.stash[LEFT_OUT]
        output["guanxi_notes"] = session.config.stash[NOTES]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Collect what a worker left out or noted."""
    output = getattr(node, "workeroutput", {})
    config: pytest.Config = node.config  # type: ignore[attr-defined]
    config.stash[LEFT_OUT].update(output.get("guanxi_left_out", {}))
    config.stash[NOTES].update(output.get("guanxi_notes", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say loudly what was left out, and why."""
    for subject, text in sorted(config.stash[NOTES].items()):
        terminalreporter.write_line(f"{subject}: {text}")
    if config.stash[LEFT_OUT]:
        terminalreporter.section("LEFT OUT", sep="!")
        for part, why in sorted(config.stash[LEFT_OUT].items()):
            terminalreporter.write_line(f"{part}: {why}")
