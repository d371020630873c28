"""A thousand certificates in one file, beside the peers' files of as many pages; part of the benchmark certificates."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib.util import find_spec
from statistics import median
from time import process_time
from zipfile import ZipFile

from services import clock, signing
from services.pdf.certificate_booklet import CertificateBooklet
from services.pdf.statement import Statement
from services.zip_stream import Outlet, add
from tests.benchmarks import certificate_peers
from tests.services.pdf import naive, signed
from tests.services.pdf.statements import ISSUED

ROUNDS = 3
FEW = 100
# Sent on part by part, as the product does; the peers keep a file until it is whole.
Parts = Callable[[Sequence[Statement]], Iterator[bytes]]


def run(statements: Sequence[Statement]) -> None:
    engines: dict[str, Parts] = {"ours, one PDF": _pdf, "ours, a zip": _zip}
    if find_spec("reportlab"):
        reportlab = certificate_peers.reportlab_pages(ISSUED.issuer or "")
        engines["reportlab, one PDF"] = lambda chosen: iter([reportlab(*chosen)])
    engines["fpdf2, one PDF"] = lambda chosen: iter([naive.render(*chosen)])
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    sizes = {}
    for _ in range(ROUNDS):
        for name, engine in engines.items():
            start = process_time()
            sizes[name] = sum(map(len, engine(statements)))
            seconds[name].append(process_time() - start)
    _print(seconds, sizes, len(statements))
    for name, engine in (("one PDF", _pdf), ("a zip", _zip)):
        few, many = _peak(engine, statements[:FEW]), _peak(engine, statements)
        print(f"most memory for {name}: {few:.1f} MB for {FEW}, {many:.1f} MB for {len(statements)}")


def _pdf(statements: Sequence[Statement]) -> Iterator[bytes]:
    outlet = Outlet()
    booklet = CertificateBooklet(outlet)
    for statement in statements:
        booklet.add(statement)
        yield outlet.take()
    booklet.close("0", date(2026, 11, 26), signing.sign_file)
    yield outlet.take()


def _zip(statements: Sequence[Statement]) -> Iterator[bytes]:
    outlet = Outlet()
    with ZipFile(outlet, "w") as archive:
        for statement in statements:
            add(archive, f"{statement.name}_{statement.number}.pdf", signed.render(statement), clock.now())
            yield outlet.take()
    yield outlet.take()


def _peak(engine: Parts, statements: Sequence[Statement]) -> float:
    tracemalloc.start()
    for _ in engine(statements):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def _print(seconds: dict[str, list[float]], sizes: dict[str, int], count: int) -> None:
    print(f"\n{count} certificates")
    print(f"{'engine':<20}{'seconds':>10}{'ms each':>10}{'one PDF is faster by':>22}{'kB each':>10}")
    for name, times in seconds.items():
        ratio = median(theirs / ours for theirs, ours in zip(times, seconds["ours, one PDF"], strict=True))
        spent = median(times)
        each = sizes[name] / count / 1000
        print(f"{name:<20}{spent:>10.2f}{spent / count * 1000:>10.2f}{ratio:>22.1f}{each:>10.1f}")
