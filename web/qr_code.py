"""A QR code as a picture for the screen."""

import zxingcpp

SCALE = 4


def qr_code(text: str) -> str:
    """SVG, which Streamlit puts into the page itself: a secret in it lies under no address.

    Dark on white with its quiet zone, so that it can be scanned on a dark screen too.
    """
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    svg: str = code.to_svg(scale=SCALE, add_quiet_zones=True)
    return svg[svg.index("<svg") :]
