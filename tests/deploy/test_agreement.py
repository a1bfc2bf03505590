"""What is deployed agrees with the program and with itself: settings, names, users, folders, probes."""

import re
from pathlib import Path

import pytest

from tests.deploy.files import COMPOSES, DEPLOY, DOCKER, ROOT, dockerfile, image_environment, loaded, manifests
from unlost.settings.reading import read_settings

VARIABLE = re.compile(r"\$\{(\w+)")


def example_environment() -> dict[str, str]:
    lines = (DOCKER / "env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def used_by_compose() -> set[str]:
    """What the files ask the environment for, and what the settings do."""
    asked = {name for compose in COMPOSES for name in VARIABLE.findall((DOCKER / compose).read_text(encoding="utf-8"))}
    return asked | set(re.findall(r'"env:(\w+)"', without_comments(DOCKER / "unlost.toml")))


def without_comments(path: Path) -> str:
    return re.sub(r"#.*", "", path.read_text(encoding="utf-8"))


def test_the_example_of_an_environment_names_what_is_used_and_nothing_else() -> None:
    assert set(example_environment()) == used_by_compose()


def test_no_word_of_the_example_is_a_secret_that_somebody_could_leave_as_it_is() -> None:
    assert {name: word for name, word in example_environment().items() if word and "://" not in word} == {}


def test_the_settings_beside_the_compose_files_can_be_used() -> None:
    words = dict.fromkeys(example_environment(), "a-long-word-of-mine")
    settings = read_settings(DOCKER / "unlost.toml", words | image_environment())
    assert str(settings.journal_path) == "/data/unlost.db"
    assert settings.server.listen.port == 8080


def test_the_settings_of_kubernetes_can_be_used_with_the_words_of_its_secret(tmp_path: Path) -> None:
    found = manifests()
    path = tmp_path / "unlost.toml"
    path.write_text(found["ConfigMap"]["data"]["unlost.toml"], encoding="utf-8")
    settings = read_settings(path, found["Secret"]["stringData"] | image_environment())
    assert str(settings.journal_path) == "/data/unlost.db"


@pytest.mark.parametrize("name", COMPOSES)
def test_a_compose_file_keeps_the_journal_on_a_volume_with_a_name(name: str) -> None:
    compose = loaded(DOCKER / name)
    assert "journal:/data" in compose["services"]["unlost"]["volumes"]
    assert "journal" in compose["volumes"]


@pytest.mark.parametrize("name", COMPOSES)
def test_a_compose_file_shows_no_door_to_the_network(name: str) -> None:
    ports = [port for service in loaded(DOCKER / name)["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_beside_what_runs_nothing_but_unlost_is_added() -> None:
    assert list(loaded(DOCKER / "compose.yaml")["services"]) == ["unlost"]


def test_the_webhook_of_gowa_leads_to_the_channel_of_the_settings() -> None:
    gowa = loaded(DOCKER / "compose.all.yaml")["services"]["gowa"]["environment"]
    settings = read_settings(
        DOCKER / "unlost.toml", dict.fromkeys(example_environment(), "a-long-word-of-mine") | image_environment()
    )
    (channel,) = settings.channels
    assert gowa["WHATSAPP_WEBHOOK"] == f"{settings.server.public_url}/webhooks/gateway/{channel.name}"
    assert gowa["APP_BASIC_AUTH"].startswith(f"{channel.gateway.username}:")


def test_the_image_does_not_run_as_root_and_kubernetes_names_the_same_user() -> None:
    (user,) = [rest for word, rest in dockerfile() if word == "USER"]
    pod = manifests()["StatefulSet"]["spec"]["template"]["spec"]["securityContext"]
    assert user == f"{pod['runAsUser']}:{pod['runAsGroup']}"
    assert pod["runAsUser"] > 0


def test_the_image_makes_no_volume_without_a_name() -> None:
    """It would hide from the program that the journal is lost with the container."""
    assert "VOLUME" not in {word for word, _ in dockerfile()}


def test_whatever_is_copied_into_the_image_is_there_and_not_ignored() -> None:
    kept = set(re.findall(r"^!(\S+)", (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    copied = {
        source.removeprefix("./")
        for word, rest in dockerfile()
        if word == "COPY" and "--from" not in rest
        for source in [each for each in rest.split() if not each.startswith("--")][:-1]
    }
    assert copied == kept
    assert [path for path in copied if not (ROOT / path).exists()] == []


def test_the_pod_keeps_its_journal_on_a_claim_of_its_own() -> None:
    stateful = manifests()["StatefulSet"]["spec"]
    (container,) = stateful["template"]["spec"]["containers"]
    mounts = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
    assert stateful["replicas"] == 1
    assert mounts["/data"] in {claim["metadata"]["name"] for claim in stateful["volumeClaimTemplates"]}


def test_the_probes_ask_what_each_is_for() -> None:
    (container,) = manifests()["StatefulSet"]["spec"]["template"]["spec"]["containers"]
    probes = {name: container[f"{name}Probe"]["httpGet"]["path"] for name in ("liveness", "readiness")}
    assert probes == {"liveness": "/healthz", "readiness": "/readyz"}


def test_every_object_of_kubernetes_is_in_one_namespace() -> None:
    places = {each["metadata"].get("namespace") for kind, each in manifests().items() if kind != "Namespace"}
    assert places == {manifests()["Namespace"]["metadata"]["name"]}


def test_the_units_journal_lies_in_its_state_directory() -> None:
    unit = (DEPLOY / "systemd" / "unlost.service").read_text(encoding="utf-8")
    (folder,) = re.findall(r"^StateDirectory=(\S+)", unit, re.MULTILINE)
    url = f'url = "sqlite:////var/lib/{folder}/unlost.db"'
    assert url in unit
    assert url in (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
