"""AVIF three times as fast as Willow makes it, for a few per cent more bytes."""

from wagtail.images.image_operations import FormatOperation

# From 0 (slowest, smallest) to 10. Measured on a picture of 1440 × 810: at 6, Pillow's own choice, 0.94 s of
# computing for 35.9 kB; at 8, 0.28 s for 38.6 kB.
AVIF_SPEED = 8


class QuickFormatOperation(FormatOperation):
    """`format-avif` and the like. Willow passes no speed on, but Pillow takes it from the picture itself."""

    def run(self, willow, image, env):
        super().run(willow, image, env)
        if self.format == "avif":
            willow.image.encoderinfo = {"speed": AVIF_SPEED}
