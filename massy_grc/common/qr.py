"""QR codes: the one seam to the library that draws them."""


def qr_svg(text: str) -> str:
    """Return a QR code, on white with its quiet zone, as an SVG document that scales without limit.

    Error correction Q: a quarter of it may be dirty or torn.
    """
    from qrcode import QRCode
    from qrcode.constants import ERROR_CORRECT_Q
    from qrcode.image.svg import SvgPathFillImage

    code = QRCode(error_correction=ERROR_CORRECT_Q, image_factory=SvgPathFillImage)
    code.add_data(text)
    return code.make_image().to_string(encoding="unicode")
