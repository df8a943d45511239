"""A WSGI application that says how it runs, answers slowly when asked, and gives jobs to Celery."""

import json
import os
import pathlib
import time

from shop.jobs import write


def facts() -> bytes:
    """Say what the recipe has decided about the process."""
    return json.dumps(
        {
            "uid": os.getuid(),
            "folder": str(pathlib.Path.cwd()),
            "package": str(pathlib.Path(__file__).parent),
            "bytecode": pathlib.Path(__cached__).exists(),
            "key": os.environ["SECRET_KEY"],
            "workers": os.environ["WEB_CONCURRENCY"],
        }
    ).encode()


def application(environ, start_response):
    """Answer a request."""
    path = environ["PATH_INFO"]
    status, body = "200 OK", b"ok"
    if path == "/facts":
        body = facts()
    elif path == "/slow":
        time.sleep(2)
        body = b"slow, and whole"
    elif path == "/job":
        write.delay(environ["QUERY_STRING"])
    elif path == "/moved":
        status = "301 Moved Permanently"
    elif path != "/system/healthcheck":
        status, body = "404 Not Found", b"nothing here"
    start_response(status, [("Content-Length", str(len(body)))])
    return [body]
