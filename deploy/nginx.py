"""Writes nginx's configuration for the processes of one installation: `python -m deploy.nginx --help`."""

import argparse
import hashlib
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template

HERE = Path(__file__).resolve().parent
# A process that did not answer is left alone for so long.
SERVER = "max_fails=1 fail_timeout=5s"


class _Template(Template):
    delimiter = "@"  # $ begins nginx's own variables


def render(options: argparse.Namespace) -> str:
    processes: list[str] = options.process
    template = _Template((HERE / "nginx.conf.template").read_text(encoding="utf-8"))
    return template.substitute(
        name=options.name,
        listen=options.listen,
        plain=options.plain,
        port="" if options.listen == "443" else f":{options.listen.rpartition(':')[2]}",
        certificate=options.certificate,
        key=options.key,
        cache=options.cache,
        folder=HERE,
        pools=_lines(f"{_id(each)} hourbook_{_id(each)};" for each in processes),
        names=_lines(f'"~(^|[ ,]){re.escape(each)}$" {_id(each)};' for each in processes),
        servers=_lines(f"server {each} {SERVER};" for each in processes),
        upstreams="\n".join(_upstream(each, processes) for each in processes),
    )


def _upstream(own: str, processes: Sequence[str]) -> str:
    """A process for the browsers that stay with it, and the others for when it has gone."""
    others = [f"server {each} {SERVER} backup;" for each in processes if each != own]
    servers = _lines([f"server {own} {SERVER};", *others])
    return f"upstream hourbook_{_id(own)} {{\n    zone hourbook_{_id(own)} 64k;\n{servers}\n    keepalive 16;\n}}"


def _id(process: str) -> str:
    """What the cookie says: the same after every rendering, and nothing about the network behind the proxy."""
    return hashlib.sha256(process.encode()).hexdigest()[:8]


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.nginx", description=__doc__)
    parser.add_argument("process", nargs="+", help="address of a process, such as 10.0.0.11:8501")
    parser.add_argument("--name", required=True, help="the public host name, as in HOURBOOK_PUBLIC_URL")
    parser.add_argument("--certificate", required=True, help="file of the TLS certificate and its chain")
    parser.add_argument("--key", required=True, help="file of its key")
    parser.add_argument("--listen", default="443", help="port, or address:port")
    parser.add_argument("--plain", default="80", help="port that only leads to the other one")
    parser.add_argument("--cache", default="/var/cache/nginx-hourbook", help="folder for scripts and styles")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.stdout.write(render(_options(sys.argv[1:])))
