"""The schema of the values knows every value, describes it, and refuses what is wrong in words that help."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from helm_python.chart import lint
from helm_python.errors import HelmRenderError, HelmValuesError

from services.chassis.settings import describe
from services.cli.registry import SERVICES
from tests.chart.charts import CHART, VALUES, given, template

SCHEMA = json.loads((CHART / "values.schema.json").read_text("utf-8"))
DEFAULTS = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
WRONG = (
    ({"imagee": {}}, "additional properties 'imagee' not allowed"),
    ({"image": {"tga": "1"}}, "at '/image': additional properties 'tga' not allowed"),
    ({"image": {"digest": "sha1:00"}}, "at '/image/digest'"),
    ({"settings": {"GEJU_LOGLEVEL": "info"}}, "additional properties 'GEJU_LOGLEVEL' not allowed"),
    ({"settings": {"GEJU_LOG_LEVEL": "loud"}}, "'debug', 'info', 'warning', 'error'"),
    ({"services": {"mediation": {"kind": "source", "replicas": 0}}}, "at '/services/mediation/replicas': minimum"),
    ({"services": {"mediation": {"kind": "sink"}}}, "value must be one of 'source', 'board'"),
    ({"services": {"Mediation": {"kind": "source"}}}, "invalid propertyName 'Mediation'"),
    ({"services": {"mediation": {"kind": "source", "autoscaling": {"kind": "vpa"}}}}, "'none', 'hpa', 'keda'"),
    ({"serviceDefaults": {"extraEnv": [{"name": "GEJU_LOG_LEVEL"}]}}, "at '/serviceDefaults/extraEnv/0/name'"),
    ({"database": {"port": "5432"}}, "at '/database/port': got string, want integer"),
    ({"database": {"sslMode": "on"}}, "at '/database/sslMode'"),
    ({"database": {"existingSecret": "No Secret"}}, "at '/database/existingSecret'"),
    ({"nats": {"servers": []}}, "at '/nats/servers': minItems"),
    ({"nats": {"servers": ["nats://nats"]}}, "at '/nats/servers/0'"),
    ({"migrations": {"hooks": "sometimes"}}, "at '/migrations/hooks'"),
    ({"networkPolicy": {"clients": [{}]}}, "at '/networkPolicy/clients/0'"),
    ({"monitoring": {"runbookBaseUrl": "docs"}}, "at '/monitoring/runbookBaseUrl'"),
    ({"cnpg": {"storage": {"size": "much"}}}, "at '/cnpg/storage/size'"),
    ({"trial": {"redis": {"enabled": True}}}, "additional properties 'redis' not allowed"),
)  # fmt: skip


@pytest.mark.parametrize(("values", "said"), WRONG, ids=[said for _, said in WRONG])
def test_a_wrong_value_is_named(values: dict[str, Any], said: str) -> None:
    """Helm refuses it before anything is made, with the place and what is expected there."""
    with pytest.raises(HelmValuesError) as refused:
        template(values)
    assert said in str(refused.value)


def test_the_board_does_not_scale_by_itself() -> None:
    """An autoscaler for the service of which one replica leads is refused, with what to do instead."""
    with pytest.raises(HelmRenderError, match="set replicas instead"):
        template({"services": {"aggregation": {"kind": "board", "autoscaling": {"kind": "hpa"}}}})


def test_a_certificate_is_not_verified_with_nothing() -> None:
    """Verification without a CA is refused here, not by every pod when it starts."""
    with pytest.raises(HelmRenderError, match="sslMode verify-full needs the CA"):
        template({"database": {"sslMode": "verify-full"}})


def described(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give every property of the schema with its place."""
    for name, found in schema.get("properties", {}).items():
        yield f"{path}/{name}", found
        yield from described(found, f"{path}/{name}")


def test_every_value_is_described() -> None:
    """Whoever reads the schema, or an editor that does, learns what each value is for."""
    everything = [("", SCHEMA), *((f"/definitions/{name}", one) for name, one in SCHEMA["definitions"].items())]
    bare = [path for start, one in everything for path, found in described(one, start) if not found.get("description")]
    assert [] == [path for path in bare if "imagePullSecrets" not in path]


def test_every_object_is_closed() -> None:
    """Nothing unknown slips through where the chart says itself what there is."""
    everything = [("", SCHEMA), *((f"/definitions/{name}", one) for name, one in SCHEMA["definitions"].items())]
    found = [(path, one) for start, schema in everything for path, one in [(start, schema), *described(schema, start)]]
    assert ["/global"] == [path for path, one in found if "properties" in one and one.get("additionalProperties")]


def test_helm_3_reads_it_too() -> None:
    """The schema keeps to draft 7: what came later, Helm 3 does not know."""
    assert "http://json-schema.org/draft-07/schema#" == SCHEMA["$schema"]
    assert not re.search(r'"(\$defs|prefixItems|unevaluatedProperties|dependentRequired)"', json.dumps(SCHEMA))


def test_the_defaults_say_everything() -> None:
    """Every value of the schema has a default in values.yaml, so that it is read in one place."""

    def missing(schema: Any, values: Any, path: str) -> Iterator[str]:
        for name, found in schema.get("properties", {}).items():
            if name not in values:
                yield f"{path}/{name}"
            elif isinstance(values[name], dict):
                yield from missing(found, values[name], f"{path}/{name}")

    assert [] == list(missing(SCHEMA, DEFAULTS, ""))
    own, common = SCHEMA["definitions"]["service"]["properties"], SCHEMA["properties"]["serviceDefaults"]["properties"]
    assert common.keys() == own.keys() - {"kind"}


def test_every_service_is_installed() -> None:
    """The chart's services are those of the product, and what may be set is a setting of it."""
    assert sorted(SERVICES) == sorted(DEFAULTS["services"])
    assert set(SCHEMA["definitions"]["settings"]["properties"]) <= {row.variable for row in describe()}


def test_every_setting_can_be_given() -> None:
    """A setting of the product is a matter of choice, or the chart sets it itself."""
    templates = "".join(path.read_text("utf-8") for path in (CHART / "templates").iterdir() if path.is_file())
    known = {*SCHEMA["definitions"]["settings"]["properties"], *re.findall(r"GEJU_[A-Z_]+", templates)}
    # User and password of NATS are in its URL.
    assert {"GEJU_NATS_CREDS"} == {row.variable for row in describe()} - known


@pytest.mark.parametrize("values", VALUES)
def test_the_linter_is_content(values: str) -> None:
    """`helm lint --strict` finds no error and warns of nothing."""
    found = lint(CHART, given(values), strict=True, kube_version="v1.31.0")
    assert [] == [message for message in found["messages"] if message["severity"] > 1]
    assert [] == found["errors"]
