"""The commands of `python -m services`: where transactions of the command line are opened."""

import argparse
import sys

from sqlalchemy.exc import OperationalError

from db.settings import SettingsError
from services.commands import administrator, backups, certificates, demo, events, legacy, statistics
from services.commands.command import CommandFailed
from services.errors import DomainError

COMMANDS = (
    demo.COMMAND,
    administrator.COMMAND,
    statistics.COMMAND,
    legacy.COMMAND,
    events.COMMAND,
    certificates.CREATE,
    certificates.VERIFY,
    backups.BACKUP,
    backups.RESTORE,
    backups.CHECK,
    backups.KEYS,
)


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0 only for success; 2, by argparse, for a wrong command line."""
    chosen = command_line().parse_args(arguments)
    try:
        chosen.run(chosen)
    except (DomainError, SettingsError, CommandFailed) as refusal:
        return _failed(str(refusal))
    except OperationalError as error:
        return _failed(f"the database does not answer: {error.orig}")
    except KeyboardInterrupt:
        return _failed("interrupted")
    return 0


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services", description="Commands for one Hourbook installation.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        one = commands.add_parser(command.name, help=command.help, description=command.help)
        for name, help_ in command.arguments.items():
            one.add_argument(name, metavar=name.upper(), help=help_)
        for name, (default, help_) in command.options.items():
            one.add_argument(f"--{name}", metavar=name.upper(), default=default, help=help_)
        one.set_defaults(run=command.run)
    return parser


def _failed(reason: str) -> int:
    print(" ".join(reason.split()), file=sys.stderr)
    return 1
