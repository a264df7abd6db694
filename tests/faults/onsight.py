"""A server to be ended without warning, and a way to talk to it."""
import http.client, json, os, re, socket, ssl, subprocess, time
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("ONSIGHT_BIN", ROOT / "target/x86_64-unknown-linux-gnu/release/onsight")
# The certificate is made by the server itself, on the same machine.
ANY_CERTIFICATE = ssl._create_unverified_context()
PATIENCE = 60


def plain(text):
    """The words of a page, without its marks and without what every page has."""
    main = re.search(r"<main\b.*</main>", text, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main.group() if main else text))


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Answer:
    def __init__(self, answer):
        self.status, self.bytes = answer.status, answer.read()
        self.text = self.bytes.decode("utf-8", "replace")
        self.headers = {name.lower(): value for name, value in answer.getheaders() if name.lower() != "set-cookie"}
        self.cookies = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]

    @property
    def location(self):
        return self.headers.get("location", "")


class Line:
    """One connection, kept open. What breaks it is an OSError or an HTTPException."""

    def __init__(self, server, cookie=""):
        self.server, self.cookie = server, cookie
        self.http = http.client.HTTPSConnection("127.0.0.1", server.port, context=ANY_CERTIFICATE, timeout=PATIENCE)

    def ask(self, method, path, form=None, *, body=None, kind="application/x-www-form-urlencoded"):
        headers = {"cookie": self.cookie} if self.cookie else {}
        if form is not None:
            body = urlencode(form)
        if body is not None:
            headers["content-type"] = kind
        self.http.request(method, path, body, headers)
        return Answer(self.http.getresponse())

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, form):
        return self.ask("POST", path, form)

    def send_file(self, path, name, text):
        cut = "no-line-is-like-that"
        body = (f"--{cut}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
                f"{text}\r\n--{cut}--\r\n").encode()
        return self.ask("POST", path, body=body, kind=f"multipart/form-data; boundary={cut}")

    def close(self):
        self.http.close()


BROKEN = (OSError, http.client.HTTPException)


class Server:
    """`onsight demo` on a folder: its admin needs no second factor, everything else is as it is served."""

    def __init__(self, data, log):
        self.data, self.port, self.log = Path(data), free_port(), Path(log)
        self.process = None

    def launch(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "--data", self.data, "--listen", f"127.0.0.1:{self.port}", "demo"], stdout=log, stderr=log)

    def start(self):
        """Starts and waits; gives seconds until the first answer."""
        begun = time.perf_counter()
        self.launch()
        while time.perf_counter() - begun < PATIENCE:
            if self.process.poll() is not None:
                raise SystemExit(f"onsight ended with {self.process.returncode}:\n{self.log.read_text()[-3000:]}")
            line = Line(self)
            try:
                line.get("/healthz")
                return time.perf_counter() - begun
            except BROKEN:
                time.sleep(0.005)
            finally:
                line.close()
        raise SystemExit(f"onsight does not answer:\n{self.log.read_text()[-3000:]}")

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self):
        self.process.terminate()
        assert self.process.wait(PATIENCE) == 0, f"it did not end well:\n{self.log.read_text()[-3000:]}"

    def run(self, *words):
        """A command on the same folder, to its end."""
        done = subprocess.run([BINARY, "--data", self.data, *words], capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def do(self, *words):
        """A command that has to succeed; gives what it printed."""
        status, out, wrong = self.run(*words)
        assert status == 0, f"onsight {' '.join(map(str, words))} ended with {status}:\n{out}{wrong}"
        return out

    def sign_in(self):
        """The cookie of somebody who just came in."""
        for _ in range(5):
            # Keys may be changed at the same time: a command says then that it is busy.
            status, link, wrong = self.run("user", "link", "demo@example.org")
            if status == 0:
                break
        assert status == 0, f"nobody can be let in: {wrong}"
        line = Line(self)
        came = line.post(link[link.index("/link/"):].strip(), {})
        line.close()
        assert came.status == 303, f"the link lets nobody in: {came.status} {plain(came.text)[:400]}"
        return next(one for one in came.cookies if one.startswith("__Host-session"))

    def health(self):
        """What the doctor finds: check → green, amber, red, unknown."""
        _, out, wrong = self.run("doctor", "--deep", "--json")
        assert out.startswith("{"), f"the doctor says nothing: {wrong}"
        return {one["check"]: (one["level"], one["said"]) for one in json.loads(out)["checks"]}
