"""Pictures drawn by the shop itself: what a product shows before it has photographs."""

from aiocms.shop.pictures.draw import KINDS, draw, is_drawn, make_source
from aiocms.shop.pictures.shapes import SHADES

__all__ = ("KINDS", "SHADES", "draw", "is_drawn", "make_source")
