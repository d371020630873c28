"""What the system must withstand, row by row, and the tests that hold it."""

from collections.abc import Mapping

from tests.checklist import access, content
from tests.checklist.rows import Row

CHECKLIST: Mapping[str, Row] = {
    **access.SIGNING_IN,
    **access.LIMITS,
    **access.SESSIONS,
    **content.PERMISSIONS,
    **content.FILES,
    **content.REQUESTS,
    **content.PERSONAL_DATA,
    **content.OPERATION,
}
