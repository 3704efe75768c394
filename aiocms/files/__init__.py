"""Files and images in GridFS: stored once, checked, re-encoded, and used by forms through their fields."""

from aiocms.files.fields import FileField, ImageField
from aiocms.files.receive import FileForm, receive

__all__ = ["FileField", "FileForm", "ImageField", "receive"]
