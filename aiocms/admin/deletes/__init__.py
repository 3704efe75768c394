"""Deletes: what one would touch, the policies of references, one document or many."""
