"""Certificates per second beside the textbook way and the peers: `python -m tests.benchmarks.certificates`."""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from time import process_time

from services.pdf import certificate
from services.pdf.statement import Statement
from tests.benchmarks import bound_certificates, certificate_peers
from tests.services.pdf import naive, signed
from tests.services.pdf.statements import ISSUED

CHARACTERS = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
PLACES = "青禾澄江云岭栖霞临川安平永宁长乐新桥石门"
TRADES = ("测绘设计研究院", "人民医院", "第一中学", "建筑工程有限公司", "农业技术推广中心", "水利水电勘察设计院")
# One document of the textbook way takes as long as hundreds of the others
DOCUMENTS = {"ours": 40, "ours, not signed": 40, "typst": 10, "reportlab": 10, "weasyprint": 2, "fpdf2, textbook": 1}
FIRST = """
from time import process_time
from tests.services.pdf.signed import render
from tests.services.pdf.statements import ISSUED
start = process_time()
render(ISSUED)
print((process_time() - start) * 1000)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--bound", type=int, default=1000, help="certificates in one file (default: 1000)")
    options = parser.parse_args()
    rounds = options.rounds
    engines: dict[str, certificate_peers.Engine] = {"ours": signed.render, "ours, not signed": _unsigned}
    engines |= certificate_peers.installed(ISSUED.issuer or "") | {"fpdf2, textbook": naive.render}
    statements = invented()
    sizes = {name: len(render(next(statements))) for name, render in engines.items()}
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(rounds):
        for name, render in engines.items():
            seconds[name].append(_measured(render, statements, DOCUMENTS[name]))
    _print(seconds, sizes)
    bound_certificates.run([next(statements) for _ in range(options.bound)])


def invented() -> Iterator[Statement]:
    chance = random.Random(2026)
    for serial in range(10**6):
        yield replace(
            ISSUED,
            number=f"4401002026{serial:07d}",
            code=f"{serial:016X}",
            name="".join(chance.sample(CHARACTERS, 3)),
            employer="".join(chance.sample(PLACES, 2)) + "市" + chance.choice(TRADES),
            verify_url=f"https://hourbook.example.org/verify?code={serial:016X}",
        )


def _unsigned(statement: Statement) -> bytes:
    return certificate.render(statement, lambda _digest: b"")


def _measured(render: certificate_peers.Engine, statements: Iterator[Statement], count: int) -> float:
    """Processor seconds of one document."""
    batch = [next(statements) for _ in range(count)]
    start = process_time()
    for statement in batch:
        render(statement)
    return (process_time() - start) / count


def _print(seconds: dict[str, list[float]], sizes: dict[str, int]) -> None:
    print(f"{'engine':<18}{'ms each':>10}{'a second':>10}{'ours is faster by':>20}{'kB':>8}")
    for name, times in seconds.items():
        ratio = median(theirs / ours for theirs, ours in zip(times, seconds["ours"], strict=True))
        each = median(times)
        print(f"{name:<18}{each * 1000:>10.2f}{1 / each:>10.1f}{ratio:>20.1f}{sizes[name] / 1000:>8.1f}")
    first = median(float(subprocess.check_output([sys.executable, "-c", FIRST])) for _ in range(3))
    print(f"first certificate of a process, beyond imports: {first:.0f} ms (limit 150)")


if __name__ == "__main__":
    main()
