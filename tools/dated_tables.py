"""Write the tables of facts that grow by themselves: the regions of AWS and the time zones.

`python tools/dated_tables.py` takes both from what is installed, botocore and the package tzdata, and writes them with
today's date. The package of chuoigen reads only these tables, so that its answers do not depend on the machine.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import textwrap
import zoneinfo
from pathlib import Path

import botocore

AWS = Path(__file__).parents[1] / "chuoigen" / "aws"
REGIONS = '''"""The regions of AWS by partition, written by tools/dated_tables.py."""

from __future__ import annotations

from chuoigen.record import Record

_SOURCE = "botocore {version}, partitions.json"
_CHECKED = "{day}"


class Partition(Record):
    """One partition: what host names of its services end with, the form of its regions' codes, and those known."""

    dns_suffix: str
    pattern: str
    regions: tuple[str, ...]
    source: str = _SOURCE
    checked: str = _CHECKED


PARTITIONS: dict[str, Partition] = {{
{rows}}}
'''
ZONES = '''"""The names of time zones, written by tools/dated_tables.py."""

from __future__ import annotations

from chuoigen.aws.fact import fact

_NAMES = """\\
{names}
"""
CHECKED = "{day}"
TIME_ZONES = fact(tuple(_NAMES.split()), "IANA time zone database, {version}", CHECKED)
'''


def partitions() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Return the DNS suffix, the pattern and the regions of each partition; a global region is none to run in."""
    data = json.loads((Path(botocore.__file__).parent / "data" / "partitions.json").read_text(encoding="utf-8"))
    return {
        each["id"]: (
            each["outputs"]["dnsSuffix"],
            each["regionRegex"].strip("^$").replace("\\-", "-"),
            tuple(sorted(region for region in each["regions"] if not region.endswith("-global"))),
        )
        for each in data["partitions"]
    }


def zones() -> tuple[str, ...]:
    """Return the names of all time zones; Factory means that none was chosen."""
    return tuple(sorted(zoneinfo.available_timezones() - {"Factory"}))


def main() -> None:
    """Write both tables."""
    day = dt.datetime.now(dt.UTC).date().isoformat()
    rows = "".join(
        f'    "{name}": Partition("{suffix}", r"{pattern}", {regions!r}),\n'
        for name, (suffix, pattern, regions) in partitions().items()
    )
    text = REGIONS.format(version=botocore.__version__, day=day, rows=rows)
    (AWS / "regions.py").write_text(text, encoding="utf-8", newline="\n")
    names = textwrap.fill(" ".join(zones()), 120, break_on_hyphens=False)
    text = ZONES.format(version=importlib.import_module("tzdata").IANA_VERSION, day=day, names=names)
    (AWS / "time_zones.py").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
