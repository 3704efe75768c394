"""Edit pages: a document as a form, declared or inferred, and back."""
