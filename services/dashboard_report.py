"""The report that a supervisor prints: the same figures as on the screen, as pages of A4."""

from services.charted_figures import Report


def render(report: Report) -> bytes:
    # fpdf2 takes half a second to load, which only whoever asks for a report should wait for.
    from services.report_pages import Pages

    pages = Pages(report)
    for part in report.parts:
        pages.draw(part)
    return pages.content()
