"""The built wheel is complete: installed into an empty environment, without Node, it serves every asset."""

import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.installation import REPOSITORY, Installation

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]

PARTS = ("src", "script", "package.json", "package-lock.json", "pyproject.toml", "setup.py", "MANIFEST.in")
PARTS += ("requirements.in", "README.md", "LICENSE", "NOTICE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources that has no built asset in it."""
    copy = tmp_path_factory.mktemp("source")
    unwanted = shutil.ignore_patterns("dist", "fonts", "*.mo", "__pycache__", "*.egg-info")
    for name in PARTS:
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, copy / name, ignore=unwanted)
        else:
            shutil.copy2(REPOSITORY / name, copy / name)
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(copy)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Guanxi from the wheel in an environment with its dependencies and nothing else."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home / "venv"], check=True)
    pins = re.findall(r"^[\w.\[\]-]+==\S+", (REPOSITORY / "requirements.txt").read_text(), re.MULTILINE)
    (home / "constraints.txt").write_text("\n".join(pins))
    uv = Path(sys.executable).with_name("uv")
    install = [
        uv,
        "pip",
        "install",
        "--python",
        home / "venv/bin/python",
        "--constraint",
        home / "constraints.txt",
        wheel,
    ]
    subprocess.run(install, check=True, stdin=subprocess.DEVNULL)
    assert not (home / "venv/bin/node").exists()
    data = home / "data"
    data.mkdir()
    # Only the environment's own programs: no Node, no compiler, no gettext.
    only_own = {"PATH": str(home / "venv/bin")}
    return Installation(data, command=(str(home / "venv/bin/guanxi"),), settings=only_own)


class AssetFinder(HTMLParser):
    """Collects the addresses of the assets a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take scripts, style sheets, icons and pictures."""
        values = dict(attrs)
        address = values.get("href") if tag == "link" else values.get("src")
        if tag in {"link", "script", "img", "use"} and address and not address.startswith("data:"):
            self.addresses.add(address)


def fetch(url: str, language: str = "en") -> str:
    """The text at an address; an error unless it answers 200."""
    request = urllib.request.Request(url, headers={"Accept-Language": language})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200
        return answer.read().decode("utf-8", errors="replace")


def test_the_wheel_holds_the_product_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "guanxi/ui/static/guanxi/dist/app.js",
        "guanxi/ui/static/guanxi/dist/app.css",
        "guanxi/ui/static/guanxi/dist/LICENSES.txt",
        "guanxi/ui/static/guanxi/dist/strokes.txt",
        "guanxi/ui/data/fonts/document-regular.ttf",
        "guanxi/ui/data/fonts/document-bold.ttf",
        "guanxi/ui/data/fonts/LICENSE.txt",
        "guanxi/core/locale/zh_Hans/LC_MESSAGES/django.mo",
        "guanxi_methods/__init__.py",
    ):
        assert wanted in names
    assert any(name.startswith("guanxi/demo/data/") for name in names)
    assert [name for name in names if name.endswith(("/LICENSE", "/NOTICE"))]
    unwanted = [n for n in names if "/tests/" in n or "/frontend/" in n or "node_modules" in n]
    assert not unwanted


def test_it_serves_with_every_asset_inside(installed: Installation) -> None:
    server = installed.serve("--demo")
    try:
        page = fetch(f"{server.url}/accounts/login/")
        finder = AssetFinder()
        finder.feed(page)
        assert any(address.split("?")[0].endswith(".css") for address in finder.addresses)
        assert any(address.split("?")[0].endswith(".js") for address in finder.addresses)
        for address in finder.addresses:
            text = fetch(urljoin(f"{server.url}/accounts/login/", address))
            assert text
            if address.split("?")[0].endswith(".css"):
                for inner in re.findall(r"url\(['\"]?(?!data:|#)([^'\")]+)", text):
                    fetch(urljoin(urljoin(server.url, address), inner))
        assert re.search(
            r"[\u4e00-\u9fff]{2}", re.sub(r"关系|中文", "", fetch(f"{server.url}/accounts/login/", "zh-CN"))
        )
        assert len(server.json("customers", "list", "--limit", "300")["items"]) == 300
    finally:
        server.stop()
