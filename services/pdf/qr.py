"""The verification address as a QR code, ready to be painted as an image mask."""

import numpy as np
import zxingcpp

# One byte of a row: large enough that no viewer smooths modules into each other
PIXELS_PER_MODULE = 8


def mask(address: str) -> tuple[int, bytes]:
    """Pixels along a side, and rows of one bit a pixel where 0 is ink."""
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = np.asarray(code.to_image(scale=1, add_quiet_zones=False))
    return len(modules) * PIXELS_PER_MODULE, np.repeat(modules, PIXELS_PER_MODULE, axis=0).tobytes()
