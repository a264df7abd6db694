"""A server that speaks S3 (moto), over TLS, which checks every signature.

Says its port, then does what each line of its input asks and answers with a line of JSON:
  keys        the keys there are
  seed N      N objects of points nobody made
  read KEY    what lies under that key, in hexadecimal
  cut METHOD  the next request of that method loses its connection in the middle
Its arguments are a certificate and its key, and the bucket, the key id and the secret it lets in.
"""
import json
import os
import socket
import sys
import threading

# What a policy does not allow is refused from the first request on.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"
# It answers from itself and asks nobody.
os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT = "123456789012"

from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

CERT, KEY, BUCKET, KEY_ID, SECRET = sys.argv[1:]
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


def let_in():
    """One user, who may do everything with S3, and an empty bucket."""
    iam = iam_backends[ACCOUNT]["aws"]
    user = iam.create_user("us-east-1", "onsight")
    key = user.create_access_key("AKIA")
    key.access_key_id, key.secret_access_key = KEY_ID, SECRET
    user.put_policy("all", json.dumps(POLICY))
    s3_backends[ACCOUNT]["aws"].create_bucket(BUCKET, "us-east-1")


class Cutting:
    """Passes requests on, but for the one that is to be cut off."""

    def __init__(self, app):
        self.app, self.method = app, None

    def __call__(self, environ, start):
        if environ["REQUEST_METHOD"] != self.method:
            return self.app(environ, start)
        self.method = None
        if environ["REQUEST_METHOD"] == "PUT":
            environ["wsgi.input"].read(1000)
            self.hang_up(environ)
        answer = list(self.app(environ, start))
        return self.half(environ, b"".join(answer))

    def half(self, environ, whole):
        yield whole[: len(whole) // 2]
        self.hang_up(environ)

    def hang_up(self, environ):
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError("as asked")


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


def say(words):
    print(json.dumps(words), flush=True)


def main():
    let_in()
    cutting = Cutting(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, cutting, threaded=True, request_handler=Quiet, ssl_context=(CERT, KEY))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say({"port": server.server_port})
    s3 = s3_backends[ACCOUNT]["aws"]
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "seed":
            for number in range(int(rest[0])):
                s3.put_object(BUCKET, f"onsight/points/20200101T000000Z-{number:08x}/000-databases.0000.age", b"x")
        elif word == "cut":
            cutting.method = rest[0]
        if word == "read":
            say(s3.get_object(BUCKET, rest[0]).value.hex())
        else:
            say(sorted(s3.buckets[BUCKET].keys.keys()) if word == "keys" else None)


if __name__ == "__main__":
    main()
