"""A server for mail that keeps what it is sent: says its port, then a line of
JSON for each letter. How it behaves is JSON in the first argument."""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

want = json.loads(sys.argv[1])


def say(words):
    print(json.dumps(words), flush=True)


class Handler:
    def __init__(self):
        self.failures = want.get("fail_first", 0)

    async def handle_MAIL(self, server, session, envelope, address, options):
        if want.get("refuse_sender") == address:
            return "550 5.7.1 you may not write as that"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if want.get("refuse_recipient") == address:
            return "550 5.1.1 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.failures > 0:
            self.failures -= 1
            return "451 4.3.0 not now"
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None or want.get("security") == "implicit",
            "user": (session.auth_data.login.decode() if session.auth_data else ""),
            "text": envelope.content.decode("utf-8", "replace"),
        })
        return "250 OK"


def authenticator(server, session, envelope, mechanism, data):
    known = (want.get("user", "").encode(), want.get("password", "").encode())
    return AuthResult(success=(data.login, data.password) == known, auth_data=data)


async def main():
    security = want.get("security", "starttls")
    context = None
    if security != "plain":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(want["cert"], want["key"])
    handler = Handler()

    def session():
        return SMTP(
            handler,
            hostname="mail.test",
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=authenticator,
            auth_required=bool(want.get("user")),
            auth_require_tls=security == "starttls",
        )

    loop = asyncio.get_running_loop()
    secured = context if security == "implicit" else None
    server = await loop.create_server(session, "127.0.0.1", 0, ssl=secured)
    say({"port": server.sockets[0].getsockname()[1]})
    # Ends with whoever started it.
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
