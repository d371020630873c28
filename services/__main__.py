"""`python -m services COMMAND`: what is done beside the running application."""

import sys


def start() -> int:
    """Settings are read as soon as the database is named, which is when the commands are imported."""
    try:
        from services.commands import main
    except ValueError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return main()


if __name__ == "__main__":
    sys.exit(start())
