"""How lines of the log are written: as text for whoever reads along, or one JSON object a line for a program."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from web import run_log
from web.redaction import redacted

FIELDS = ("request", "page", "account", "status", "outcome", "ms", "incident")


def keep_clean() -> None:
    """From now on no library writes personal data into any log, and each line knows the run it belongs to.

    Streamlit writes down every error of a page as it is.
    """
    make_plain = logging.getLogRecordFactory()

    def make(*arguments: Any, **named: Any) -> logging.LogRecord:
        record = make_plain(*arguments, **named)
        record.msg, record.args = redacted(_message(record)), ()
        if record.exc_info and record.exc_info[1]:
            record.exc_text, record.exc_info = traced(record.exc_info[1]), None
        if run := run_log.current():
            record.request = run.request
        return record

    logging.setLogRecordFactory(make)


def traced(error: BaseException) -> str:
    return redacted("".join(traceback.format_exception(error)))


def _message(record: logging.LogRecord) -> str:
    """A call that is wrong must not break what it reports about."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"


def set_up(log_format: str) -> None:
    """Everything goes to the standard error in one format, what Streamlit and its server have to say included."""
    formatter = {"json": JsonLines, "text": TextLines}[log_format]()
    handler = logging.StreamHandler()
    logging.getLogger().addHandler(handler)
    logging.getLogger("hourbook").setLevel(logging.INFO)
    loggers = [each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    for each in [handler, *(own for logger in loggers for own in logger.handlers)]:
        each.setFormatter(formatter)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = {"time": _time(record), "level": record.levelname, "logger": record.name}
        error = {"error": record.exc_text} if record.exc_text else {}
        return json.dumps({**said, "message": record.getMessage(), **_fields(record), **error}, ensure_ascii=False)


class TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        named = "".join(f" {name}={value}" for name, value in _fields(record).items())
        first, *more = record.getMessage().split("\n", 1)
        line = "\n".join([f"{_time(record)} {record.levelname} {record.name}: {first}{named}", *more])
        return f"{line}\n{record.exc_text}" if record.exc_text else line
