"""Form fields that WTForms does not have; each one's HTML is a template ``core:fields/<name>``."""

from aiocms.core.fields.kinds import KindsField
from aiocms.core.fields.markdown import MarkdownField
from aiocms.core.fields.reference import ReferenceField
from aiocms.core.fields.richtext import RichTextField

__all__ = ["KindsField", "MarkdownField", "ReferenceField", "RichTextField"]
