"""`python -m tests.update_catalogue`: brings new texts into the English catalogue and lists those without English."""

import sys

from tests.catalogue import english, missing, stale, texts, write


def main() -> int:
    wanted, translations = texts(), english()
    write(translations, wanted)
    for text in stale(wanted, translations):
        print(f"removed: {text}")
    lacking = missing(wanted, translations)
    for text in lacking:
        print(f"no English yet: {text}")
    print(f"{len(wanted)} texts, {len(lacking)} without English")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
