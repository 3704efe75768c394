"""A made-up catalogue of any size: ``aiocms shop demo``. Every word and picture in it is our own."""
