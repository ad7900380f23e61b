"""What the chart makes is accepted by Kubernetes, and safe there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from services.chassis.settings import describe
from services.cli.registry import DOMAIN, SERVICES
from services.cli.session import TARGETS, TOKEN_FILE
from tests.chart.charts import CHART, ROOT, Object, Rendered, objects, renamed, render, template

#: The oldest that the chart is for, and the newest that is known here.
VERSIONS = ("1.28", kubernetes_validate.latest_version())
#: Kinds of operators, of which Kubernetes knows nothing.
OPERATORS = ("Cluster", "PrometheusRule", "ScaledObject", "ScheduledBackup", "ServiceMonitor")
#: Variables of the containers beside the settings.
PASSWORDS = {"DATABASE_PASSWORD", "RELAY_PASSWORD", "OWNER_PASSWORD", "PGPASSWORD", "NATS_PASSWORD"}
OTHERS = PASSWORDS | {"PGSSLMODE", "PGSSLROOTCERT", "PGDATA", "POSTGRES_PASSWORD", "TZ"}
SETTINGS = {row.variable for row in describe()} | {TARGETS, TOKEN_FILE}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid(rendered: Rendered, version: str) -> None:
    """Strictly: no field that Kubernetes does not know, none of a wrong type."""
    for one in rendered.objects:
        if one["kind"] not in OPERATORS:
            kubernetes_validate.validate(dict(one), version, strict=True)


def test_no_variable_is_there_twice(rendered: Rendered) -> None:
    """Helm 4 applies on the server, where a repeated name of a variable, port, mount or volume is an error."""
    for title, container in rendered.containers():
        for listed, key in (("env", "name"), ("ports", "name"), ("volumeMounts", "mountPath")):
            names = [one[key] for one in container.get(listed, ())]
            assert sorted(set(names)) == sorted(names), f"{title}: {listed}"
    for title, pod in rendered.pods():
        names = [volume["name"] for volume in pod.get("volumes", ())]
        assert sorted(set(names)) == sorted(names), title


def test_every_variable_is_a_setting(rendered: Rendered) -> None:
    """A GEJU_ variable is one that docs/reference/settings.md describes; passwords come from Secrets."""
    documented = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    for title, container in rendered.containers():
        names = {one["name"] for one in container.get("env", ())}
        assert names <= SETTINGS | OTHERS, title
        unknown = {name for name in names & {row.variable for row in describe()} if f"`{name}`" not in documented}
        assert set() == unknown, title
        for one in container.get("env", ()):
            secret = one["name"] in PASSWORDS | {"POSTGRES_PASSWORD"}
            assert secret == ("valueFrom" in one), f"{title}: {one['name']}"


def test_no_secret_is_made(rendered: Rendered) -> None:
    """Neither a Secret nor a password is in what the chart makes."""
    assert [] == rendered.of("Secret")


def test_pods_are_restricted(rendered: Rendered) -> None:
    """Every pod satisfies the Pod Security Standard `restricted`, reads its own file system only, has no token."""
    for title, pod in rendered.pods():
        context = pod["securityContext"]
        assert (True, "RuntimeDefault") == (context["runAsNonRoot"], context["seccompProfile"]["type"]), title
        assert context["runAsUser"] > 0, title
        assert pod["automountServiceAccountToken"] is False, title
        assert not {"hostNetwork", "hostPID", "hostIPC", "hostUsers"} & pod.keys(), title
        kinds = {kind for volume in pod.get("volumes", ()) for kind in volume.keys() - {"name"}}
        assert kinds <= {"emptyDir", "secret", "configMap", "persistentVolumeClaim"}, title
    for title, container in rendered.containers():
        context = container["securityContext"]
        assert {"drop": ["ALL"]} == context["capabilities"], title
        assert (False, True) == (context["allowPrivilegeEscalation"], context["readOnlyRootFilesystem"]), title
        assert not context.get("privileged"), title


def test_containers_say_what_they_need(rendered: Rendered) -> None:
    """Every container asks for CPU and memory, has a limit of memory, and names a version of its image."""
    for title, container in rendered.containers():
        resources = container["resources"]
        assert {"cpu", "memory"} <= resources["requests"].keys(), title
        assert "memory" in resources["limits"], title
        image = container["image"]
        assert "@sha256:" in image or (":" in image and not image.endswith(":latest")), title


def test_probes_tell_the_process_from_its_surroundings(rendered: Rendered) -> None:
    """Services are ready by gRPC's health, over plaintext also with TLS, and live whatever database and broker do."""
    for one in rendered.of("Deployment"):
        container = one["spec"]["template"]["spec"]["containers"][0]
        for probe in ("startupProbe", "readinessProbe"):
            assert {"port": 8081} == container[probe]["grpc"]
        assert {"path": "/livez", "port": "metrics"} == container["livenessProbe"]["httpGet"]
        env = {one["name"]: one.get("value") for one in container["env"]}
        assert "0.0.0.0:8081" == env["GEJU_HEALTH_LISTEN"]


def test_a_pod_has_time_to_end(rendered: Rendered) -> None:
    """The grace period is longer than drain, calls under way and background work together."""
    from services.chassis.runtime import BACKGROUND_SECONDS  # noqa: PLC0415 - few tests need the server

    defaults = {row.variable: row.default for row in describe()}
    for one in rendered.of("Deployment"):
        pod = one["spec"]["template"]["spec"]
        env = {found["name"]: found.get("value") for found in pod["containers"][0]["env"]}
        waits = [float(env.get(name) or defaults[name]) for name in ("GEJU_DRAIN_SECONDS", "GEJU_STOP_SECONDS")]
        assert pod["terminationGracePeriodSeconds"] > sum(waits) + BACKGROUND_SECONDS


def test_an_autoscaler_is_alone(rendered: Rendered) -> None:
    """A Deployment that something scales says no number of replicas itself."""
    scaled = {
        one["spec"]["scaleTargetRef"]["name"]
        for kind in ("HorizontalPodAutoscaler", "ScaledObject")
        for one in rendered.of(kind)
    }
    fixed = {one["metadata"]["name"] for one in rendered.of("Deployment") if "replicas" in one["spec"]}
    assert (set(), len(SERVICES)) == (scaled & fixed, len(scaled | fixed))
    assert "geju-aggregation" not in scaled


def test_sources_are_alike() -> None:
    """But for its name every source is installed like every other."""
    found = render("default")
    for service in DOMAIN[1:]:
        for kind in ("Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy", "ServiceAccount"):
            own = found.named(kind, f"geju-{service}")
            assert found.named(kind, "geju-mediation") == renamed(own)


def flows(rendered: Rendered) -> set[str]:
    """Return the names of the policies that let something through."""
    return {one["metadata"]["name"] for one in rendered.of("NetworkPolicy")}


def test_everything_is_closed_but_what_is_named() -> None:
    """The default is to deny both ways; each service's policy names callers, and only the board calls others."""
    found = render("production")
    deny = found.named("NetworkPolicy", "geju-default-deny")["spec"]
    assert (["Ingress", "Egress"], None, None) == (deny["policyTypes"], deny.get("ingress"), deny.get("egress"))
    assert {"geju-dns", "geju-to-database", "geju-to-nats", "geju-test"} <= flows(found)
    source = found.named("NetworkPolicy", "geju-mediation")["spec"]
    ports = [port["port"] for rule in source["ingress"] for port in rule["ports"]]
    assert ["grpc", "metrics"] == ports
    assert all(rule["from"] for rule in source["ingress"])
    # Out of a source go only traces; out of the board also calls to the sources.
    assert [4317] == [port["port"] for rule in source["egress"] for port in rule["ports"]]
    board = found.named("NetworkPolicy", "geju-aggregation")["spec"]
    assert ["grpc", 4317] == [port["port"] for rule in board["egress"] for port in rule["ports"]]


def test_traces_of_one_service_get_out_too() -> None:
    """The way to the collector is open for whichever service is told to send there, and for no other."""
    settings = {"GEJU_OTLP_ENDPOINT": "http://collector.observability:4317"}
    texts = template({"services": {"mediation": {"kind": "source", "settings": settings}}}).values()
    made = {one["metadata"]["name"]: one["spec"] for text in texts for one in objects(text)
            if one["kind"] == "NetworkPolicy"}  # fmt: skip
    assert [[4317], None] == [
        [port["port"] for rule in spec["egress"] for port in rule["ports"]] if "egress" in spec else None
        for spec in (made["geju-mediation"], made["geju-legalaid"])
    ]


def test_of_an_authority_only_the_certificate_is_mounted() -> None:
    """The Secret of an authority may hold its private key too, as CloudNativePG's does."""
    volumes = [volume for _, pod in render("production").pods() for volume in pod["volumes"] if "-ca" in volume["name"]]
    assert {"database-ca", "nats-ca"} == {volume["name"] for volume in volumes}
    assert [] == [one for one in volumes if [{"key": "ca.crt", "path": "ca.crt"}] != one["secret"].get("items")]


def test_a_service_is_given_only_its_own_passwords(rendered: Rendered) -> None:
    """No service is told the password of another, of its owner, or of whoever made the roles."""
    for one in rendered.of("Deployment"):
        container = one["spec"]["template"]["spec"]["containers"][0]
        name = container["name"].upper()
        keys = {e["valueFrom"]["secretKeyRef"]["key"] for e in container["env"] if "valueFrom" in e}
        own = {f"PG_PASSWORD_GEJU_{name}", f"NATS_PASSWORD_{name}"}
        relay = {f"PG_PASSWORD_GEJU_{name}_RELAY"} if container["name"] in DOMAIN else set()
        assert own | relay == keys
        assert "envFrom" not in container


def test_only_the_board_has_a_token_for_the_others(rendered: Rendered) -> None:
    """The sources call nobody; a token that reads every source's facts is none of their business."""
    for one in rendered.of("Deployment"):
        pod = one["spec"]["template"]["spec"]
        has = "service-token" in {volume["name"] for volume in pod["volumes"]}
        names = {entry["name"] for entry in pod["containers"][0]["env"]}
        assert (has, "GEJU_SERVICE_TOKEN" in names) == ((one["metadata"]["name"] == "geju-aggregation"),) * 2


def test_alerts_and_dashboards_are_the_files() -> None:
    """Every file of an alert is a rule, with the runbook where the documents are; every dashboard a ConfigMap."""
    found = render("production")
    rules = [rule for group in found.of("PrometheusRule")[0]["spec"]["groups"] for rule in group["rules"]]
    files = sorted((CHART / "alerts").glob("*.yaml"))
    assert [path.stem for path in files] == [rule["alert"] for rule in rules]
    for path, rule in zip(files, rules, strict=True):
        own = yaml.safe_load(path.read_text("utf-8"))
        url = f"https://docs.example.org/geju/{own['annotations']['runbook_url']}"
        assert {**own, "annotations": {**own["annotations"], "runbook_url": url}} == rule
    boards = {name: text for one in found.of("ConfigMap") for name, text in one["data"].items()}
    assert {path.name: path.read_text("utf-8").rstrip() for path in (CHART / "dashboards").glob("*.json")} == {
        name: text.rstrip() for name, text in boards.items()
    }


def test_the_broker_of_the_trial_notices_a_frozen_stream() -> None:
    """Its probes ask plain /healthz: the narrower questions are answered 200 while nothing can be stored."""
    container = render("trial").named("StatefulSet", "geju-nats")["spec"]["template"]["spec"]["containers"][0]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert {"path": "/healthz", "port": "monitor"} == container[probe]["httpGet"]


def test_the_chart_has_the_users_of_the_product() -> None:
    """What the broker of the trial is given is what `geju permissions nats` says."""
    assert (ROOT / "deploy" / "permissions" / "nats.conf").read_text("utf-8") == (
        CHART / "files" / "nats.conf"
    ).read_text("utf-8")


def test_the_test_asks_the_board() -> None:
    """`helm test` makes a real call, with a token, to the board's service."""
    pod = render("mtls").of("Pod")[0]
    assert "test" == pod["metadata"]["annotations"]["helm.sh/hook"]
    container = pod["spec"]["containers"][0]
    env = {one["name"]: one["value"] for one in container["env"]}
    assert ["board", "-o", "json"] == container["args"]
    assert "aggregation=geju-aggregation.geju.svc:50051" in env[TARGETS].split(",")
    assert {"GEJU_TLS_CERT", "GEJU_TLS_KEY", "GEJU_TLS_CLIENT_CA", TOKEN_FILE} < env.keys()


def test_jobs_come_in_order() -> None:
    """Accounts are made before the schema is brought up to date, of every service, at install and upgrade."""
    jobs = {one["metadata"]["name"]: one["metadata"]["annotations"] for one in render("trial").of("Job")}
    assert {"geju-accounts", *(f"geju-migrate-{service}" for service in SERVICES)} == set(jobs)
    weight = {name: int(found["helm.sh/hook-weight"]) for name, found in jobs.items()}
    assert all(weight["geju-accounts"] < weight[name] for name in weight if "migrate" in name)
    assert {"post-install,pre-upgrade"} == {found["helm.sh/hook"] for found in jobs.values()}


HOOK, WEIGHT, DELETED = "helm.sh/hook", "helm.sh/hook-weight", "helm.sh/hook-delete-policy"


def events(one: Object) -> set[str]:
    """Return when a hook runs; none for what is no hook."""
    return {event for event in one["metadata"].get("annotations", {}).get(HOOK, "").split(",") if event}


def test_what_a_hook_needs_is_there_before_it(rendered: Rendered) -> None:
    """Hooks run before the rest is made: the account of jobs is a hook of every such event, and an earlier one."""
    pods = {title: pod["serviceAccountName"] for title, pod in rendered.pods() if "serviceAccountName" in pod}
    accounts = {one["metadata"]["name"]: one for one in rendered.of("ServiceAccount")}
    for one in (*rendered.of("Job"), *rendered.of("Pod")):
        name = pods[f"{one['kind']}/{one['metadata']['name']}"]
        assert (name in accounts) == (rendered.values != "minimal")
        if name in accounts:
            own, needed = one["metadata"]["annotations"], accounts[name]["metadata"]["annotations"]
            assert events(one) <= events(accounts[name])
            assert int(needed[WEIGHT]) < int(own.get(WEIGHT, 0))
            assert "hook-succeeded" in needed[DELETED]
    for one in rendered.of("Deployment"):
        name = pods[f"Deployment/{one['metadata']['name']}"]
        assert name == "default" or not events(accounts[name])


def test_replicas_are_spread_by_service(rendered: Rendered) -> None:
    """What is spread are the replicas of one service: those of others weigh nothing."""
    for one in rendered.of("Deployment"):
        pod = one["spec"]["template"]
        chosen = [found["labelSelector"]["matchLabels"] for found in pod["spec"]["topologySpreadConstraints"]]
        assert chosen
        assert all(labels == one["spec"]["selector"]["matchLabels"] for labels in chosen)


def test_archived_logs_have_what_they_begin_from() -> None:
    """With a place for backups base backups are made, by the way that the Cluster has."""
    assert ["geju-postgres"] == [one["spec"]["cluster"]["name"] for one in render("cnpg").of("ScheduledBackup")]
    plugin = {"cnpg": {"enabled": True, "plugins": [{"name": "barman-cloud.cloudnative-pg.io", "isWALArchiver": True}]}}
    made = {one["kind"]: one for text in template(plugin).values() for one in objects(text)}
    assert "barman-cloud.cloudnative-pg.io" == made["ScheduledBackup"]["spec"]["pluginConfiguration"]["name"]
    assert "barman-cloud.cloudnative-pg.io" == made["Cluster"]["spec"]["plugins"][0]["name"]
    without = [one["kind"] for text in template({"cnpg": {"enabled": True}}).values() for one in objects(text)]
    assert "ScheduledBackup" not in without


def test_without_accounts_the_namespace_s_own_is_used() -> None:
    """Where none is made and none is named, no pod waits for one that nobody makes."""
    made = [one for text in template({"serviceAccount": {"create": False}}).values() for one in objects(text)]
    assert [] == [one for one in made if one["kind"] == "ServiceAccount"]
    pods = [one["spec"]["template"]["spec"] for one in made if one["kind"] in ("Deployment", "Job")]
    assert {"default"} == {pod["serviceAccountName"] for pod in pods}


def test_a_failed_job_keeps_its_log(rendered: Rendered) -> None:
    """Each attempt is a pod of its own, which stays; with OnFailure the last attempt's pod would be taken away."""
    assert {"Never"} >= {one["spec"]["template"]["spec"]["restartPolicy"] for one in rendered.of("Job")}


def test_the_administrator_s_password_may_hold_anything() -> None:
    """It is no part of a URL, in which some characters mean something else."""
    for values in ("production", "trial", "cnpg"):
        container = render(values).named("Job", "geju-accounts")["spec"]["template"]["spec"]["containers"][0]
        env = {one["name"]: one.get("value", "") for one in container["env"]}
        assert "$(" not in env["GEJU_DATABASE_ADMIN_URL"]
        assert "PGPASSWORD" in env


def test_no_server_of_the_trial_is_in_production() -> None:
    """A production has no server out of this chart, nor has whoever says nothing."""
    assert [[], []] == [render(values).of("StatefulSet") for values in ("production", "default")]


def test_the_notes_say_what_to_do_next(rendered: Rendered) -> None:
    """Whoever installs learns how to look, to test and to see the board, in Chinese."""
    assert "接下来" in rendered.notes
    assert ("只供试用" in rendered.notes) == (rendered.values == "trial")


def test_a_mirror_has_every_image() -> None:
    """Every image comes from the registry of the house when there is one."""
    values = {"global": {"imageRegistry": "mirror.example.org"}, "trial": {
        "postgres": {"enabled": True}, "nats": {"enabled": True}}}  # fmt: skip
    made = [one for text in template(values).values() for one in yaml.safe_load_all(text) if one]
    images = {container["image"] for one in made if one["kind"] in ("Deployment", "StatefulSet", "Job")
              for container in one["spec"]["template"]["spec"]["containers"]}  # fmt: skip
    assert {"mirror.example.org"} == {image.partition("/")[0] for image in images}
    assert Path(CHART / "Chart.yaml").exists()


def versions() -> dict[str, Any]:
    """Return the chart's own description."""
    return yaml.safe_load((CHART / "Chart.yaml").read_text("utf-8"))  # type: ignore[no-any-return]


def test_the_image_is_of_the_chart_s_version(rendered: Rendered) -> None:
    """Unless told otherwise the chart installs the version of the product that it was made for."""
    if rendered.values != "production":
        images: set[Object] = {c["image"] for one in rendered.of("Deployment")
                               for c in one["spec"]["template"]["spec"]["containers"]}  # fmt: skip
        assert {f"geju:{versions()['appVersion']}"} == images
