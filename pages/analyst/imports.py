"""Files of old systems: upload, mapping, dry run, import, and taking it back."""

from web import legacy_imports, legacy_upload
from web.session import current_actor
from web.to_do import draw_elsewhere

actor = current_actor()
draw_elsewhere(actor, "analyst/imports")
legacy_upload.draw(actor)
legacy_imports.draw_imports(actor)
