"""The stories of the other chapters. They have no `sudo` where the one who reads
them is the user `onsight` already.
"""

from operator_story import PASSPHRASE, TESTS

ONSIGHT = {"user": "onsight"}


def tenants(m):
    m.chapter = "tenants"
    listed = m.run("onsight keys list", **ONSIGHT)
    m.places["<workspace>"] = m.workspace(listed)
    # A running server looks once a minute whether it is asked to: tests/it/rotation.rs.
    m.do("systemctl stop onsight.socket onsight")
    m.run("onsight keys rotate", **ONSIGHT)
    m.run("onsight keys rotate all", **ONSIGHT)
    m.run("onsight keys rotate <workspace>", **ONSIGHT)
    m.do("systemctl start onsight.socket onsight")
    m.answers("https://127.0.0.1")
    m.configured("[workspace]…", "curl -sk https://127.0.0.1/healthz | grep ok")


def security(m):
    m.chapter = "security"
    m.do("cp audit-2026-11-21.ndjson audit.ndjson")
    m.run("sudo runuser -u onsight -- onsight audit verify")
    m.run("onsight audit verify audit.ndjson --key HEX")
    m.run("sudo runuser -u onsight -- onsight audit key", says="^HEX$".replace("HEX", m.places["HEX"]))


def trust(m):
    m.chapter = "trust"
    # What it finds on a fresh machine is its affair; that it could look is ours.
    seen = (0, 1, 2)
    m.run("sudo runuser -u onsight -- onsight doctor", ends=seen, says="data folder|folder")
    m.run("sudo runuser -u onsight -- onsight doctor --security", ends=seen)
    m.run("sudo runuser -u onsight -- onsight doctor --security --json", ends=seen, says='"checks"')
    m.run("onsight evidence make --days 90 --out evidence.zip", **ONSIGHT)
    m.run("onsight evidence verify evidence.zip --key HEX", **ONSIGHT)
    m.run("onsight evidence support --out support.zip", **ONSIGHT)


def telemetry(m):
    m.chapter = "telemetry"
    m.configured("[telemetry]…", "curl -sk https://127.0.0.1/healthz | grep ok")
    m.run("onsight telemetry show", says="schema", **ONSIGHT)
    m.variants("onsight telemetry on | off", "onsight telemetry on", "onsight telemetry off", "onsight telemetry on", **ONSIGHT)
    # There is no endpoint: nothing leaves, and that is no fault.
    m.variants("onsight telemetry send [--now]", "onsight telemetry send", "onsight telemetry send --now", ends=(0, 1), **ONSIGHT)
    m.run("onsight telemetry file --out report.json", **ONSIGHT)
    m.variants("onsight telemetry check report.json [--key HEX]", "onsight telemetry check report.json",
               "onsight telemetry check report.json --key HEX", **ONSIGHT)
    m.shown("scrape_configs: …", "for Prometheus; tests/it/metrics.rs reads the figures with a token")
    m.configured("[log]…", "curl -sk -o /dev/null https://127.0.0.1/sign-in && sleep 1 && journalctl -u onsight -n 40 -o cat | grep '^{.*\"level\":'")
    m.words("journalctl -p warning")


def backup(m):
    m.chapter = "backup"
    m.words("onsight backup identity > onsight.key", **ONSIGHT)
    m.places["age1…"] = m.do("grep -o 'age1[0-9a-z]*' onsight.key | head -n 1") or "age1…"
    m.do("install -d -o onsight -g onsight /mnt/nas/onsight")
    m.words("onsight backup recipient age1… --name …", **ONSIGHT)
    m.variants("onsight backup destination ADDRESS --name NAME",
               "onsight backup destination /mnt/nas/onsight --name nas", kind="words", **ONSIGHT)
    m.words("onsight backup now --upgrade", **ONSIGHT)
    point = m.do("ls /mnt/nas/onsight/points | tail -n 1")
    m.variants("onsight backup hold REASON [--point ID]", "onsight backup hold 'incident 7'",
               f"onsight backup hold 'incident 8' --point {point}", kind="words", **ONSIGHT)
    m.words("onsight backup confirm-clock", **ONSIGHT)
    m.words("onsight backup test", **ONSIGHT)
    m.words("onsight backup verify", **ONSIGHT)
    m.variants("onsight backup points --from … --identity …",
               "onsight backup points --from /mnt/nas/onsight --identity onsight.key", kind="words", **ONSIGHT)
    m.emptied()
    m.run("onsight restore --from … --identity onsight.key --data /var/lib/onsight")
    m.do("systemctl start onsight.socket onsight")
    m.answers("https://127.0.0.1")
    m.words("onsight backup go-on", **ONSIGHT)
    m.do("systemctl stop onsight.socket onsight")
    m.places["--workspace ID"] = "--workspace " + m.places["<workspace>"]
    m.run("onsight restore --from … --workspace ID --data /var/lib/onsight")
    left = m.do("find /var/lib/onsight ! -user onsight")
    m.need(not left, f"the service may not write {left}")
    m.do("systemctl start onsight.socket onsight")
    m.answers("https://127.0.0.1")

    m.shown("onsight.backup …", "a list of files; the two commands below open them")
    m.do("cp -r /mnt/nas/onsight/keyring /mnt/nas/onsight/points .")
    m.places["keyring/0000000042.age"] = m.do("ls keyring/*.age | tail -n 1")
    m.places["points/…/"] = f"points/{point}/"
    m.run("age -d -i onsight.key …")
    m.run("age -d -i system.key …")
    m.do("test \"$(sqlite3 onsight.db 'select count(*) from workspace')\" = 1")


def deletion(m):
    m.chapter = "deletion"
    # It asks on a terminal.
    m.variants("age --decrypt …", f"(sleep 2; echo '{PASSPHRASE}'; sleep 5) | "
               "script -qec 'age --decrypt --output data.zip onsight-2026-11-22.zip.age' /dev/null")
    m.do("test -s data.zip && python3 -m zipfile -e data.zip .")
    m.run("sqlite3 new.db < tables/tables.sql")


def deploy(m):
    m.chapter = "deploy"
    m.elsewhere("words", "debian/images OUT onsight_0.1.0_amd64.deb", TESTS / "images", "debian/images --only")
    m.elsewhere("words", "skopeo inspect oci-archive:onsight-oci.tar", TESTS / "images", "skopeo inspect")
    for command in ("skopeo copy …", "docker run …", "docker exec …"):
        m.parsed("command", command, "there is no Docker; tests/images starts the same archive under runc")
    m.shown("-smbios …", "words for a hypervisor")
    m.configured("# /etc/onsight/onsight.toml…", "curl -sk https://127.0.0.1/healthz | grep ok")

    m.edit("sudo systemctl edit onsight.socket", "[Socket]…")
    m.run("sudo systemctl stop onsight.socket onsight")
    m.run("sudo systemctl start onsight.socket onsight")
    m.answers("https://10.8.0.1")
    m.undo("onsight.socket")
    m.edit("sudo systemctl edit onsight-admin.socket", "[Socket]…")
    m.run("sudo systemctl enable onsight-admin.socket")
    m.run("sudo systemctl stop onsight.socket onsight")
    m.run("sudo systemctl start onsight.socket onsight-admin.socket onsight")
    m.answers("https://10.8.0.1:8444")
    status = m.do("curl -sk -o /dev/null -w '%{http_code}' https://127.0.0.1/audit/instance")
    m.need(status == "404", f"the first door still answers with {status}")
    m.do("systemctl disable --now onsight-admin.socket")
    m.undo("onsight-admin.socket")

    m.do("cp chain.pem fullchain.pem && cp key.pem privkey.pem")
    m.run("install -m 0644 fullchain.pem /etc/onsight/chain.pem")
    m.run("install -m 0640 -o root -g onsight privkey.pem /etc/onsight/key.pem")
    m.words("systemd-analyze security onsight")
    m.run("sudo install -m 0644 …")
    m.parsed("command", "sudo apparmor_parser --replace …", "the kernel here has no AppArmor; the next line reads the profile")
    m.do("apparmor_parser --skip-kernel-load --skip-cache /etc/apparmor.d/usr.bin.onsight")
    m.run("sudo systemctl restart onsight")
    m.parsed("words", "semanage fcontext …", "the kernel here has no SELinux")
    m.parsed("words", "restorecon -R /var/lib/onsight", "the kernel here has no SELinux")
    manifests(m)


def manifests(m):
    """The files it names, each read by the program it is for."""
    deploy = "/usr/share/doc/onsight/deploy"
    m.do(f"mkdir -p conf && cp {deploy}/* conf/")
    m.do("wg-quick strip ./conf/wireguard.conf")
