"""Values as MongoDB stores them: bytes, types, text, Extended JSON, paths, and nothing of pages."""
