"""A folder that speaks WebDAV (WsgiDAV), over TLS, for one user with a password.

Says its port, then does what each line of its input asks and answers with a line of JSON:
  cut METHOD     the next request of that method loses its connection in the middle
  refuse METHOD  the next request of that method is answered with 507
Its arguments are a certificate and its key, the folder, the user and the password.
"""
import json
import logging
import sys
import threading

from cheroot import wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter
from wsgidav.wsgidav_app import WsgiDAVApp

CERT, KEY, FOLDER, USER, WORD = sys.argv[1:]
CONFIG = {
    "provider_mapping": {"/dav": FOLDER},
    "simple_dc": {"user_mapping": {"*": {USER: {"password": WORD}}}},
    "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
    "verbose": 0,
    "logging": {"enable": False},
}


class Cutting:
    """Passes requests on, but for the one that is to be cut off or refused."""

    def __init__(self, app):
        self.app, self.cut, self.refuse = app, None, None

    def __call__(self, environ, start):
        method = environ["REQUEST_METHOD"]
        if method == self.refuse:
            self.refuse = None
            start("507 Insufficient Storage", [("content-length", "0")])
            return [b""]
        if method == self.cut:
            self.cut = None
            environ["wsgi.input"].read(10)
            raise ConnectionResetError("as asked")
        return self.app(environ, start)


def say(words):
    print(json.dumps(words), flush=True)


def main():
    logging.disable(logging.CRITICAL)
    cutting = Cutting(WsgiDAVApp(CONFIG))
    server = wsgi.Server(("127.0.0.1", 0), cutting)
    server.ssl_adapter = BuiltinSSLAdapter(CERT, KEY)
    server.error_log = lambda *_args, **_more: None
    server.prepare()
    threading.Thread(target=server.serve, daemon=True).start()
    say({"port": server.bind_addr[1]})
    for line in sys.stdin:
        word, method = line.split()
        setattr(cutting, word, method)
        say(None)


if __name__ == "__main__":
    main()
