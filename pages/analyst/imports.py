"""Files of old systems: upload, mapping, dry run, import, and taking it back."""

from web import legacy_imports, legacy_upload
from web.session import current_actor

actor = current_actor()
legacy_upload.draw(actor)
legacy_imports.draw_imports(actor)
