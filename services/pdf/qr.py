"""The verification address as a QR code, ready to be painted as an image mask."""

import numpy as np
import zxingcpp

# Large enough that no viewer smooths modules into each other
PIXELS_PER_MODULE = 8


def mask(address: str) -> tuple[int, bytes]:
    """Pixels along a side, and rows of one bit a pixel where 0 is ink."""
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels = np.asarray(code.to_image(scale=PIXELS_PER_MODULE, add_quiet_zones=False))
    return pixels.shape[0], np.packbits(pixels > 127, axis=1).tobytes()
