"""The admin's rows of the settings table, named `admin_…` in a site."""

from aiocms.core.settings import Setting

settings = (
    Setting(
        "large_collection",
        100_000,
        "Documents from which a list asks before it reads a collection without an index.",
    ),
    Setting(
        "probe_time", 0.5, "Seconds that a list without an index may take before it asks whether to go on."
    ),
    Setting("list_time", 20.0, "Seconds after which a list, or a search that was asked for, gives up."),
    Setting("count_limit", 10_000, "Rows up to which a filtered list is counted."),
    Setting(
        "delete_limit",
        1_000,
        "Documents that one delete may touch: deleted with it, or changed because they point to it.",
    ),
    Setting(
        "guess_charts",
        True,
        "Lists of collections without a screen offer a chart of their documents by the month of their ids.",
    ),
    Setting("live", True, "Lists mark rows that others change meanwhile. Needs a replica set."),
    Setting(
        "draft_days",
        14,
        "Days that a browser keeps what was typed into a form and not saved; 0: it keeps nothing.",
    ),
    Setting("hidden_collections", (), "Names of collections that the admin does not show."),
)
