"""What the QR code says by itself: read back as it was signed, and refused as soon as anything differs."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.claims import Category
from services import proofs, verification
from services.proofs import BrokenProof, Proof
from services.rules import Standing

pytestmark = pytest.mark.no_database

HOURS = st.integers(0, 65535).map(lambda tenths: Decimal(tenths).scaleb(-1))
PROOFS = st.builds(
    Proof,
    number=st.from_regex("[0-9]{17}", fullmatch=True).filter(lambda number: number.isascii()),
    name_masked=st.text(st.sampled_from("林夏阿提𠮷䶮·*Zë' "), min_size=1, max_size=100),
    issued_on=st.dates(date(2010, 1, 1), date(2100, 1, 1)),
    hours=st.tuples(HOURS, HOURS, HOURS, HOURS, HOURS, HOURS).map(
        lambda six: [Standing(*line) for line in zip(Category, six[::2], six[1::2], strict=True)]
    ),
)
SAMPLE = Proof(
    "44010020260000017",
    "林*夏",
    date(2026, 11, 2),
    [Standing(category, Decimal(30), Decimal("45.5")) for category in Category],
)


@given(PROOFS)
def test_what_was_written_is_read_again(proof: Proof) -> None:
    text = proofs.write(proof)
    assert proofs.is_proof(text)
    assert set(text) <= set(proofs.ALPHABET)
    assert proofs.read(text) == proof


def test_its_year_is_the_one_in_the_number() -> None:
    assert SAMPLE.year == 2026


def test_a_code_or_a_number_is_none() -> None:
    assert verification.offline("7K3F-9QXM-2TVA-H8RD") is None
    assert verification.offline(SAMPLE.number) is None


def test_the_whole_address_is_understood_however_it_is_cased() -> None:
    address = f"https://hourbook.example.org/verify?code={proofs.write(SAMPLE)}"
    assert verification.offline(address) == verification.offline(address.lower()) == SAMPLE


@given(st.data())
def test_any_other_character_anywhere_breaks_it(data: st.DataObject) -> None:
    text = proofs.write(SAMPLE)
    at = data.draw(st.integers(0, len(text) - 2))
    other = data.draw(st.sampled_from(proofs.ALPHABET).filter(lambda character: character != text[at]))
    with pytest.raises(BrokenProof):
        proofs.read(text[:at] + other + text[at + 1 :])


@pytest.mark.parametrize("text", ["", "Z", "0" * 200, "测" * 200, "!" * 160, "A" * 5000])
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(BrokenProof):
        proofs.read(text)


def test_a_statement_cut_short_is_refused() -> None:
    text = proofs.write(SAMPLE)
    with pytest.raises(BrokenProof):
        proofs.read(text[:-8])
