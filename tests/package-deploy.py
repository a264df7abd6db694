#!/usr/bin/python3
"""The manifests under debian/deploy are read, and agree with themselves.

package-deploy.py FOLDER
"""

import pathlib
import sys

import yaml


def wrong(said):
    print(f"WRONG: {said}", file=sys.stderr)
    sys.exit(1)


def compose(file, is_swarm):
    stack = yaml.safe_load(file.read_text("utf-8"))
    service = stack["services"]["onsight"]
    if not service["read_only"] or service["cap_drop"] != ["ALL"]:
        wrong(f"{file.name}: it is not locked in")
    volume, folder = service["volumes"][0].split(":")
    if folder != "/var/lib/onsight" or volume not in stack["volumes"]:
        wrong(f"{file.name}: the data lies in no volume")
    if is_swarm and service["deploy"]["replicas"] != 1:
        wrong(f"{file.name}: two processes would have one folder")
    if is_swarm and service["deploy"]["update_config"]["order"] != "stop-first":
        wrong(f"{file.name}: the new one would find the folder in use")


def kubernetes(file):
    found = {}
    for one in yaml.safe_load_all(file.read_text("utf-8")):
        if not one["apiVersion"] or not one["metadata"]["name"]:
            wrong(f"{file.name}: {one} is nothing")
        found[one["kind"]] = one
    everything = {"Namespace", "StatefulSet", "Service", "NetworkPolicy"}
    if set(found) != everything:
        wrong(f"{file.name}: it makes {sorted(found)}")
    for kind in everything - {"Namespace"}:
        if found[kind]["metadata"]["namespace"] != found["Namespace"]["metadata"]["name"]:
            wrong(f"{file.name}: {kind} is in another namespace")
    spec = found["StatefulSet"]["spec"]
    labels, pod = spec["template"]["metadata"]["labels"], spec["template"]["spec"]
    selectors = [
        spec["selector"]["matchLabels"],
        found["Service"]["spec"]["selector"],
        found["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
    ]
    if any(selector.items() - labels.items() for selector in selectors):
        wrong(f"{file.name}: a selector finds no pod")
    if spec["replicas"] != 1:
        wrong(f"{file.name}: two processes would have one folder")
    container, = pod["containers"]
    there = {claim["metadata"]["name"] for claim in spec["volumeClaimTemplates"]}
    there |= {volume["name"] for volume in pod["volumes"]}
    for mount in container["volumeMounts"]:
        if mount["name"] not in there:
            wrong(f"{file.name}: there is no volume {mount['name']}")
    ports = {port["name"] for port in container["ports"]}
    named = [found["Service"]["spec"]["ports"][0]["targetPort"]]
    named += [container[probe]["httpGet"]["port"] for probe in ("startupProbe", "readinessProbe", "livenessProbe")]
    if set(named) - ports:
        wrong(f"{file.name}: there is no port {named}")
    locked = container["securityContext"]
    if not locked["readOnlyRootFilesystem"] or locked["capabilities"]["drop"] != ["ALL"]:
        wrong(f"{file.name}: it is not locked in")
    if found["NetworkPolicy"]["spec"]["egress"] != []:
        wrong(f"{file.name}: something goes out")


def main():
    folder = pathlib.Path(sys.argv[1])
    compose(folder / "compose.yaml", is_swarm=False)
    compose(folder / "swarm.yaml", is_swarm=True)
    kubernetes(folder / "kubernetes.yaml")
    for file in folder.iterdir():
        if b"\r" in file.read_bytes() or not file.read_bytes().endswith(b"\n"):
            wrong(f"{file.name}: its lines do not end as they should")
    print(f"        {len(list(folder.iterdir()))} files")


if __name__ == "__main__":
    main()
