"""Settings of files; in a site's settings.py they are called files_<name>."""

from aiocms import Setting

settings = (
    Setting("max_size", 64 * 1024 * 1024, "Greatest size of one uploaded file, in bytes."),
    Setting("max_image_size", 24 * 1024 * 1024, "Greatest size of an uploaded image, in bytes."),
    Setting("max_pixels", 40_000_000, "Most pixels of an image, those of all frames counted together."),
    Setting(
        "image_side", 4096, "Longer images are made smaller when they are uploaded, in pixels; 0: never."
    ),
    Setting(
        "thumbnails",
        {"small": (160, 160), "card": (480, 480), "large": (1280, 1280)},
        "Named sizes of thumbnails: the box that each must fit into, in pixels. small is used by the admin.",
    ),
    Setting("threads", 2, "How many images are worked on at the same time in one process."),
    Setting("upload_time", 1800.0, "Seconds in which a whole form with files must have come."),
    Setting("grace_hours", 24, "Hours for which `aiocms files clean` leaves a file alone that nothing uses."),
)
