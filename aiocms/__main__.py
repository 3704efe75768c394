"""`python -m aiocms`."""

from aiocms.cli import main

if __name__ == "__main__":
    main()
