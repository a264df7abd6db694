"""The story of docs/operator.md: each of its commands, in its order as far as one
machine can have that.
"""

import pathlib
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
PASSPHRASE = "four words in another row"
ORDERS = '''format = 1
id = "orders"
title = "Orders desk"

[page.home]
title = "Home"
path = "/"

[page.home.widget.hello]
type = "text"
at = [1, 1, 12]
text = "Hello"
'''


def chapter(m):
    """A chapter in the middle of this one ends; this one goes on."""
    m.chapter = "operator"


def install(m):
    chapter(m)
    m.run("sudo apt install ./onsight_0.1.0_amd64.deb", says="https://onsight-test/")
    m.answers("https://127.0.0.1")
    m.elsewhere("command", "runuser -u onsight -- onsight serve", TESTS / "package-inside", "as_onsight onsight serve")
    m.elsewhere("words", "debian/repository OUT onsight_0.1.0_amd64.deb", TESTS / "package", "debian/repository --suites")
    m.do("apt-get purge -y onsight && cp /media/stick/onsight.asc .")
    m.words("gpg --show-keys onsight.asc", says="Onsight packages")
    m.run("sudo install -D -m 0644 /media/stick/onsight.asc /etc/apt/keyrings/onsight.asc")
    m.run("sudo tee …")
    m.run("sudo apt update")
    m.run("sudo apt install onsight", says="Setting up onsight")
    m.answers("https://127.0.0.1")
    m.words("sudo apt install unattended-upgrades")
    m.put("/etc/apt/apt.conf.d/52onsight", m.block("# /etc/apt/apt.conf.d/52onsight…") + "\n")
    allowed = m.do("unattended-upgrade --dry-run --debug 2>&1 | grep 'Allowed origins'")
    m.need("origin=Onsight" in allowed, f"patches of ours are not taken: {allowed}")
    m.named("cargo auditable", "the name of a form")
    m.parsed("words", "cargo audit bin /usr/bin/onsight", "its list of holes comes from the internet; "
             "tests/package-parts.py reads what it would read")


def first_run(m):
    chapter(m)
    m.run("journalctl -u onsight", says="SHA-256 ([0-9A-F]{2}:){31}")
    code = m.run("sudo runuser -u onsight -- onsight setup-code", says="^([A-Z2-9]{4}-){3}[A-Z2-9]{4}$").strip()
    m.page("/set-up", workspace="Harbour office", name="Ada Lovelace", email="ada@example.org",
           password="four words in a row", code=code)
    m.enrol()
    m.variants("onsight demo", "timeout --preserve-status --signal=TERM 8 onsight demo | tee demo.out; grep https demo.out",
               kind="words", user="onsight")
    # What chapters further on open.
    m.put("/srv/desk/audit-2026-11-21.ndjson", m.page("/audit/instance/export/ndjson"))
    workspace = m.between(m.page("/returns"), '<option value="', '"')
    m.page("/returns", workspace=workspace, seal="passphrase", words=PASSPHRASE, recipient="")
    archive = m.went
    for _ in range(0 if m.is_dry else 60):
        if "/link" in m.page(archive):
            break
        time.sleep(0.5)
    link = m.between(m.page(f"{archive}/link", now="yes"), "/take/", "<")
    m.do(f"curl -skf -X POST -H 'Origin: https://127.0.0.1' -o onsight-2026-11-22.zip.age https://127.0.0.1/take/{link}")


def configuration(m):
    chapter(m)
    m.put("/etc/onsight/onsight.toml", m.block("# /etc/onsight/onsight.toml…") + "\n")
    m.words("sudo systemctl restart onsight")
    m.do("cp /etc/onsight/onsight.toml /root/onsight.toml && curl -sk https://127.0.0.1/trust/root.crt > onsight-root.crt")
    m.answers("https://apps.corp.example", "--cacert", "/srv/desk/onsight-root.crt",
              "--resolve", "apps.corp.example:443:127.0.0.1")


def doors(m):
    chapter(m)
    m.do("ip addr add 10.0.0.7/32 dev lo && ip addr add 10.8.0.1/32 dev lo")
    m.edit("sudo systemctl edit onsight.socket", "[Socket]…")
    m.run("sudo systemctl stop onsight.socket onsight")
    m.run("sudo systemctl start onsight.socket onsight")
    m.answers("https://10.0.0.7:8443")
    m.undo("onsight.socket")
    m.words("sudo systemctl mask --now onsight.socket")
    m.do("systemctl restart onsight")
    m.answers("https://127.0.0.1:8443")
    m.do("systemctl unmask onsight.socket")
    m.undo("onsight.socket")

    m.words("systemd-analyze security", says="onsight.service")
    m.run("sudo install -d /etc/systemd/system/onsight.service.d")
    m.run("sudo ln -sf …")
    m.run("sudo systemctl daemon-reload")
    m.run("sudo systemctl restart onsight")
    m.answers("https://127.0.0.1")
    links = m.do("grep -c : /proc/$(systemctl show --property MainPID --value onsight)/net/dev")
    m.need(links == "1", f"in the profile air-gap it has {links} links")
    m.undo("onsight.service")
    m.words("sudo systemctl disable --now onsight-telemetry.timer")
    m.do("systemctl enable --now onsight-telemetry.timer")


def who_may_connect(m):
    chapter(m)
    m.do("cp onsight-root.crt /etc/onsight/clients.pem && cp onsight-root.crt /etc/onsight/admins.pem")
    m.configured('allow = ["10.0.0.0/8", "192.168.1.7"]', "! curl -sk https://127.0.0.1/healthz")
    # Nobody has a certificate that such an authority signed.
    m.configured('client_ca = "/etc/onsight/clients.pem"', "! curl -sk https://127.0.0.1/healthz")
    m.configured("[admin]…", "ss -Hltn | grep -F 10.8.0.1:8444")
    m.configured("proxies …", "curl -sk https://127.0.0.1/healthz | grep ok")
    m.words("onsight routes --public", says="GET +/healthz")


def certificate(m):
    chapter(m)
    m.do("systemctl restart onsight")
    m.run("sudo cp onsight-root.crt /usr/local/share/ca-certificates/")
    m.run("sudo update-ca-certificates", says="1 added")
    m.answers("https://apps.corp.example", "--resolve", "apps.corp.example:443:127.0.0.1")
    m.do("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=ours "
         "-addext subjectAltName=DNS:apps.corp.example -keyout key.pem -out chain.pem")
    m.run("sudo install -d -m 0755 /etc/onsight")
    m.run("sudo install -m 0644 chain.pem /etc/onsight/")
    m.run("sudo install -m 0640 -o root -g onsight key.pem /etc/onsight/")
    m.put("/etc/onsight/onsight.toml", 'tls_cert = "/etc/onsight/chain.pem"\ntls_key = "/etc/onsight/key.pem"\n')
    m.do("systemctl restart onsight")
    m.answers("https://apps.corp.example", "--cacert", "/srv/desk/chain.pem", "--resolve", "apps.corp.example:443:127.0.0.1")
    m.do("cp /root/onsight.toml /etc/onsight/onsight.toml && systemctl restart onsight")
    m.configured("[site] security_contact…", "curl -sk https://127.0.0.1/.well-known/security.txt | grep security@corp.example")
    m.configured("# /etc/onsight/onsight.toml [site]…", "curl -sk https://127.0.0.1/healthz | grep ok")
    m.configured("[apps] show…", "curl -sk https://127.0.0.1/healthz | grep ok")


def keys(m):
    chapter(m)
    m.run("sudo runuser -u onsight -- onsight user forget-factors ada@example.org")
    m.run("sudo systemctl stop onsight")
    m.run("sudo systemd-creds encrypt …")
    m.edit("sudo systemctl edit onsight", "[Service]…")
    m.do("mv /var/lib/onsight/keys/instance.key /root/ && systemctl start onsight")
    m.answers("https://127.0.0.1")
    m.do("systemctl stop onsight && mv /root/instance.key /var/lib/onsight/keys/")
    m.undo("onsight.service")


def audit(m):
    chapter(m)
    m.run("sudo runuser -u onsight -- onsight audit verify", says="whole|holds|ok")
    m.places["HEX"] = m.run("sudo runuser -u onsight -- onsight audit key", says="[0-9a-f]{64}").strip()
    m.run("onsight audit verify audit-2026-11-21.ndjson --key HEX")
    m.shown("x-onsight-signature: …", "what a webhook gets: tests/it/alerts.rs takes one and checks the signature")


def backup(m):
    chapter(m)
    m.run("onsight backup identity > onsight-backup.key")
    m.places["age1…"] = m.do("grep -o 'age1[0-9a-z]*' onsight-backup.key | head -n 1")
    m.do("install -d -o onsight -g onsight /mnt/backup/onsight")
    m.run("sudo runuser -u onsight -- onsight backup recipient …")
    m.run("sudo runuser -u onsight -- onsight backup destination …")
    m.do("runuser -u onsight -- onsight backup now")
    m.emptied()
    m.run("sudo onsight restore --from …")
    m.run("sudo systemctl start onsight")
    m.answers("https://127.0.0.1")
    m.run("sudo runuser -u onsight -- onsight check", says="chain: .* whole")
    m.words("onsight backup go-on", user="onsight")


def console(m):
    chapter(m)
    user = "sudo runuser -u onsight -- onsight user"
    m.run(f"{user} list", says="ada@example.org")
    m.run(f"{user} add bob@example.org --name Bob --role builder", says="/link/")
    m.run(f"{user} link ada@example.org", says="/link/")
    m.run(f"{user} disable bob@example.org")
    m.run(f"{user} enable bob@example.org")
    m.run(f"{user} forget-factors bob@example.org")
    m.put("/srv/desk/orders.toml", ORDERS)
    m.run("onsight app check orders.toml")
    m.do("runuser -u onsight -- onsight app import orders.toml --publish")
    m.run("sudo runuser -u onsight -- onsight app export orders > orders.toml")
    m.do("grep 'Orders desk' orders.toml && sed -i 's/\"orders\"/\"orders_two\"/' orders.toml")
    m.run("sudo runuser -u onsight -- onsight app import orders.toml --publish")


def upgrade(m):
    chapter(m)
    version = "dpkg-query -W -f '${Version}' onsight"
    m.run("sudo apt install ./onsight_<newer>_amd64.deb")
    m.answers("https://127.0.0.1")
    m.need(m.do(version) == m.places["<newer>"], "there was no upgrade")
    m.run("sudo apt install onsight=<older>")
    m.answers("https://127.0.0.1")
    m.need(m.do(version) == m.places["<older>"], "there was no way back")
    m.do("rm -rf /media/stick && cp -r /root/stick-next /media/stick")
    m.words("sudo apt update && sudo apt install onsight")
    m.need(m.do(version) == m.places["<newer>"], "the repository gave no upgrade")

    # As if the folder had been an older version's: its start copies it.
    m.do("systemctl stop onsight.socket onsight && cd /var/lib/onsight && read -r _ s w k < version && "
         'echo "0.0.9 $((s - 1)) $((w - 1)) $k" > version && systemctl start onsight.socket onsight')
    m.answers("https://127.0.0.1")
    m.run("sudo systemctl stop onsight.socket onsight")
    m.run("sudo runuser -u onsight -- onsight rollback --list", says="(?m)^0.0.9 ")
    m.run("sudo runuser -u onsight -- onsight rollback")
    m.run("sudo apt install onsight=<older>")
    m.do("systemctl stop onsight.socket onsight")
    m.words("onsight rollback <newer>-set-aside", user="onsight")
    m.do("systemctl start onsight.socket onsight")
    m.answers("https://127.0.0.1")


def the_end(m):
    chapter(m)
    m.run("journalctl -u onsight", says="Onsight")
    m.words("ss -ltnp", says=":443 ")
    m.do("systemctl stop onsight.socket onsight")
    m.words("chown -R onsight:onsight /var/lib/onsight")
    m.words("systemctl start onsight")
    m.answers("https://127.0.0.1")
    m.variants("onsight user link EMAIL", "onsight user link ada@example.org", kind="words", user="onsight")
    m.words("sudo apt remove onsight")
    # Its name does not change with its key.
    m.do("test -s /var/lib/onsight/keys/keyring.db && test ! -e /usr/bin/onsight")
    m.words("sudo apt purge onsight")
    # What somebody put beside the configuration stays theirs, and nothing else does.
    m.do("test ! -e /var/lib/onsight")
    left = m.do("ls -A /etc/onsight").split()
    m.need(left == ["admins.pem", "chain.pem", "clients.pem", "key.pem"], f"purging leaves {left}")
