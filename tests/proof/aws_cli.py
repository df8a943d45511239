"""The AWS CLI, started once: a process that has it loaded runs each command in a fork of its own.

Most of the half second that a command takes is Python's start with the CLI and AWS's models, and the scripts give
hundreds of commands. What answers is the CLI's own driver, with arguments, environment, folder and files of its caller.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import sys
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

CLIENT = """\
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    call = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)])
    socket.send_fds(server, [call.encode()], [0, 1, 2])
    server.shutdown(socket.SHUT_WR)
    code = server.recv(4)
sys.exit(int(code or 255))
"""
SERVICES = (
    "acm",
    "application-autoscaling",
    "ec2",
    "ecr",
    "ecs",
    "elbv2",
    "iam",
    "logs",
    "resourcegroupstaggingapi",
    "scheduler",
    "s3",
    "secretsmanager",
    "servicediscovery",
    "ssm",
    "sts",
)


def write_client(file: Path, address: str) -> None:
    """Write a program that hands its call over to the server at this address, and ends with its exit code."""
    program = file.with_suffix(".py")
    program.write_text(CLIENT.format(address=address))
    # An interpreter whose path has a space cannot stand behind "#!", so that a shell starts it.
    file.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -SI {shlex.quote(str(program))} "$@"\n')
    file.chmod(0o755)


def serve(address: str) -> None:
    """Answer until killed; whoever is forked away is reaped by the kernel."""
    from awscli.clidriver import create_clidriver

    driver = create_clidriver()
    for service in SERVICES:
        driver.session.get_component("data_loader").load_service_model(service, "service-2")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(16)
        while True:
            connection, _ = listener.accept()
            with connection:
                if os.fork() == 0:
                    _answer(connection, driver)


def _answer(connection: socket.socket, driver: Any) -> None:
    message, files, _, _ = socket.recv_fds(connection, 1 << 20, 3)
    while more := connection.recv(1 << 20):
        message += more
    arguments, folder, environment = json.loads(message)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    # The CLI says there, when it is imported, where its own files are.
    environment["AWS_DATA_PATH"] = os.environ["AWS_DATA_PATH"]
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    code = 255
    try:
        code = driver.main(arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 255
    except BaseException:  # noqa: BLE001 - the caller sees it, and this process ends
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        connection.send(str(code).encode())
        os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1])
