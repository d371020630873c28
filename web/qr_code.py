"""A QR code as a picture for the screen."""

import numpy as np
import zxingcpp

SCALE = 6


def qr_code(text: str) -> np.ndarray:
    """Dark on white with its quiet zone, so that it can be scanned on a dark screen too."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return np.asarray(code.to_image(scale=SCALE, add_quiet_zones=True))
