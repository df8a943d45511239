"""Where `chuoigen` and `python -m chuoigen` start; docs/architecture.md says what is done here for the sake of time."""

import gc
import os
import signal
import sys

_GARBAGE_THRESHOLD = 100_000


def main() -> None:
    """Run the command line and leave with its status."""
    gc.set_threshold(_GARBAGE_THRESHOLD)
    # The language's models have no use for pydantic's plugins, and looking for them reads every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)
    from chuoigen import cli
    from chuoigen.report.guard import INTERRUPT, leave

    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, INTERRUPT)
    leave(cli.run(sys.argv[1:]))


def _leave(*_: object) -> None:
    """Take Ctrl-C while modules are imported. PyYAML would make an error of its own of a KeyboardInterrupt."""
    os._exit(130)


if __name__ == "__main__":
    main()
