"""Values for every template of the site."""

from __future__ import annotations

from typing import Any

from aiocms import Request, gettext, url_for


async def context(request: Request) -> dict[str, Any]:
    """`nav_links`: the links of the bar that core:layout shows."""
    return {
        "nav_links": [
            (gettext(request, "Films"), url_for(request, "films:index")),
            (gettext(request, "Live search"), url_for(request, "films:live")),
            (gettext(request, "Shop"), url_for(request, "shop:index")),
            (gettext(request, "How it is made"), url_for(request, "how")),
        ]
    }
