"""The certificate as a PDF: what it says, how it looks, and the bytes. Knows no database and no screen."""
