"""deploy/kubernetes: many machines."""

import json
import re

import kubernetes_validate
import pytest
import yaml
from django.core.management import get_commands

from . import variables
from .dockerfile import ROOT, stages

FOLDER = ROOT / "deploy" / "kubernetes"
OVERLAY = FOLDER / "overlays" / "example"
# What a kustomization makes of a file of variables.
MADE = {"ConfigMap": "site-settings", "Secret": "site-secrets"}


def read(kustomization) -> list[dict]:
    """The resources that a kustomization names, and those of the ones below it."""
    found = []
    for name in yaml.safe_load((kustomization / "kustomization.yaml").read_text())["resources"]:
        path = (kustomization / name).resolve()
        if path.is_dir():
            found += read(path)
        else:
            found += yaml.safe_load_all(path.read_text())
    return found


RESOURCES = read(OVERLAY)
LABELS = [f"{resource['kind']}/{resource['metadata']['name']}" for resource in RESOURCES]
each_resource = pytest.mark.parametrize("resource", RESOURCES, ids=LABELS)


def of_kind(*kinds: str) -> list[dict]:
    return [resource for resource in RESOURCES if resource["kind"] in kinds]


def template(workload: dict) -> dict:
    spec = workload["spec"]
    return (spec["jobTemplate"]["spec"] if "jobTemplate" in spec else spec)["template"]


WORKLOADS = of_kind("Deployment", "Job", "CronJob")
each_workload = pytest.mark.parametrize(
    "workload", WORKLOADS, ids=[workload["metadata"]["name"] for workload in WORKLOADS]
)


def containers(workload: dict) -> list[dict]:
    spec = template(workload)["spec"]
    return [*spec.get("initContainers", []), *spec["containers"]]


def matches(selector: dict, labels: dict) -> bool:
    return selector.get("matchLabels", {}).items() <= labels.items()


def pods(selector: dict) -> list[dict]:
    return [w for w in WORKLOADS if matches(selector, template(w)["metadata"]["labels"])]


def ports(workload: dict) -> dict[str, int]:
    return {port["name"]: port["containerPort"] for c in containers(workload) for port in c.get("ports", [])}


def variables_of(name: str) -> dict[str, str]:
    lines = (OVERLAY / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@each_resource
def test_a_resource_is_one_that_kubernetes_knows(resource):
    kubernetes_validate.validate(resource, kubernetes_validate.latest_version(), strict=True)


def test_every_file_is_named_in_its_kustomization():
    for folder in (FOLDER / "base", OVERLAY):
        named = yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]
        files = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"}
        assert files == {name for name in named if name.endswith(".yaml")}
    assert len(set(LABELS)) == len(LABELS)


def test_a_place_says_once_which_release_of_both_images_runs():
    images = yaml.safe_load((OVERLAY / "kustomization.yaml").read_text())["images"]
    used = {container["image"] for workload in WORKLOADS for container in containers(workload)}
    assert {image["name"] for image in images} == used == {"ichei-site", "ichei-nginx"}
    assert len({image["newTag"] for image in images}) == 1


@each_workload
def test_a_container_has_no_rights_and_writes_where_the_image_expects_it(workload):
    pod = template(workload)["spec"]
    user = int(stages()["web"].last("USER"))
    assert pod["securityContext"] == {
        "runAsNonRoot": True, "runAsUser": user, "runAsGroup": user, "fsGroup": user,
        "seccompProfile": {"type": "RuntimeDefault"},
    }  # fmt: skip
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    for container in containers(workload):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"].keys() == {"requests", "limits"}
        stage = "nginx" if container["image"] == "ichei-nginx" else "web"
        places = {mount["mountPath"] for mount in container["volumeMounts"]}
        assert places == {"/tmp", *json.loads(stages()[stage].last("VOLUME"))}
        volumes = {volume["name"] for volume in pod["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} == volumes


@each_workload
def test_what_is_referred_to_exists(workload):
    for container in containers(workload):
        for source in container.get("envFrom", []):
            for kind in MADE:
                reference = source.get(f"{kind[0].lower()}{kind[1:]}Ref")
                assert reference is None or reference == {"name": MADE[kind]}
        for variable in container.get("env", []):
            reference = variable.get("valueFrom", {}).get("configMapKeyRef")
            if reference:
                assert reference["name"] == MADE["ConfigMap"]
                assert reference["key"] in variables_of("settings.env")
            assert variable["name"] in variables.of_nginx()


def test_what_a_place_makes_is_what_the_site_asks_for():
    kustomization = yaml.safe_load((OVERLAY / "kustomization.yaml").read_text())
    assert [made["name"] for made in kustomization["configMapGenerator"]] == [MADE["ConfigMap"]]
    assert [made["name"] for made in kustomization["secretGenerator"]] == [MADE["Secret"]]
    settings, secrets = variables_of("settings.env"), variables_of("secret.env.example")
    assert not settings.keys() & secrets.keys()
    assert settings.keys() | secrets.keys() <= variables.of_the_site() | variables.of_nginx()
    assert variables.required_of_the_site() | {"DATABASE_URL", "REDIS_URL", "S3_BUCKET"} <= (
        settings.keys() | secrets.keys()
    )
    # Without it, nginx would look for a certificate.
    assert settings["BALANCERS"]
    # Nothing in git is a secret.
    assert not any(secrets.values())
    assert not any(re.search("SECRET|PASSWORD|TOKEN|KEY", name) for name in settings)


@pytest.mark.parametrize("resource", of_kind("Deployment"), ids=lambda resource: resource["metadata"]["name"])
def test_a_deployment_finds_its_own_processes_and_no_others(resource):
    assert pods(resource["spec"]["selector"]) == [resource]
    for spread in template(resource)["spec"].get("topologySpreadConstraints", []):
        assert pods(spread["labelSelector"]) == [resource]


@each_workload
def test_every_probe_asks_a_port_that_there_is(workload):
    for container in containers(workload):
        for name in ("startupProbe", "livenessProbe", "readinessProbe"):
            probe = container.get(name)
            if probe:
                asked = probe.get("httpGet") or probe["tcpSocket"]
                assert asked["port"] in {port["name"] for port in container["ports"]}


def test_a_lost_database_restarts_no_process_and_takes_none_out_that_has_pages():
    (web,) = containers(next(w for w in WORKLOADS if w["metadata"]["name"] == "web"))
    paths = {
        name: web[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")
    }
    assert paths == {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}


def test_the_ports_are_those_of_the_images():
    found = {
        workload["metadata"]["name"]: set(ports(workload).values()) for workload in of_kind("Deployment")
    }
    for name in ("web", "nginx"):
        assert found[name] == {int(port) for port in stages()[name].last("EXPOSE").split()}


def test_services_and_the_ingress_lead_to_ports_that_are_there():
    services = {service["metadata"]["name"]: service for service in of_kind("Service")}
    for service in services.values():
        (workload,) = pods({"matchLabels": service["spec"]["selector"]})
        for port in service["spec"]["ports"]:
            assert port["targetPort"] in ports(workload)
    (ingress,) = of_kind("Ingress")
    hosts = [rule["host"] for rule in ingress["spec"]["rules"]]
    assert hosts == variables_of("settings.env")["HOSTS"].split() == ingress["spec"]["tls"][0]["hosts"]
    assert ",".join(hosts) == variables_of("settings.env")["ALLOWED_HOSTS"]
    for rule in ingress["spec"]["rules"]:
        for path in rule["http"]["paths"]:
            backend = path["backend"]["service"]
            named = {port["name"] for port in services[backend["name"]]["spec"]["ports"]}
            assert backend["port"]["name"] in named
    nginx = next(w for w in WORKLOADS if w["metadata"]["name"] == "nginx")
    upstream = next(v["value"] for v in containers(nginx)[0]["env"] if v["name"] == "UPSTREAM")
    host, port = re.search(r"server (\w+):(\d+)", upstream).groups()
    assert int(port) in {port["port"] for port in services[host]["spec"]["ports"]}


def test_a_renewal_never_leaves_fewer_processes_and_lets_them_finish():
    gunicorn = (ROOT / "deploy" / "gunicorn.py").read_text()
    graceful = int(re.search(r"^graceful_timeout = (\d+)", gunicorn, re.MULTILINE)[1])
    for workload in of_kind("Deployment"):
        if workload["metadata"]["name"] not in {"web", "nginx"}:
            continue
        assert workload["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
        pod = template(workload)["spec"]
        pause = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][-1])
        assert pod["terminationGracePeriodSeconds"] >= pause + graceful
    for budget in of_kind("PodDisruptionBudget"):
        assert len(pods(budget["spec"]["selector"])) == 1
        assert budget["spec"]["maxUnavailable"] == 1


def test_the_number_of_web_processes_is_said_by_one_alone():
    (scaler,) = of_kind("HorizontalPodAutoscaler")
    web = next(w for w in WORKLOADS if w["metadata"]["name"] == scaler["spec"]["scaleTargetRef"]["name"])
    assert "replicas" not in web["spec"]
    assert scaler["spec"]["minReplicas"] >= 2


def test_there_is_never_more_than_one_schedule():
    schedule = next(w for w in WORKLOADS if w["metadata"]["name"] == "schedule")
    assert (schedule["spec"]["replicas"], schedule["spec"]["strategy"]) == (1, {"type": "Recreate"})
    assert containers(schedule)[-1]["command"] == ["python", "manage.py", "run_schedule"]


@each_workload
def test_every_command_is_one_of_the_site(workload):
    for container in containers(workload):
        command = container.get("command", [])
        if command[:2] == ["python", "manage.py"]:
            assert command[2] in get_commands()
        elif command:
            assert command[0] == "sh"
            assert (ROOT / command[1]).is_file()


def reaches(workload: dict) -> set:
    """The ports to which a workload may speak elsewhere, but for those of names."""
    found = set()
    for policy in of_kind("NetworkPolicy"):
        if matches(policy["spec"]["podSelector"], template(workload)["metadata"]["labels"]):
            for rule in policy["spec"].get("egress", []):
                found |= {port["port"] for port in rule["ports"]} - {53}
    return found


def test_nobody_may_speak_with_anybody_but_for_what_is_needed():
    shut = next(policy for policy in of_kind("NetworkPolicy") if policy["spec"]["podSelector"] == {})
    assert shut["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for workload in WORKLOADS:
        if workload["metadata"]["name"] == "nginx":
            assert reaches(workload) == {"http"}
        else:
            assert {5432, 6379, 443} <= reaches(workload)
    asked = {
        workload["metadata"]["name"]
        for policy in of_kind("NetworkPolicy")
        if policy["spec"].get("ingress")
        for workload in pods(policy["spec"]["podSelector"])
    }
    assert asked == {"web", "nginx"}
