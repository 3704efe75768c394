"""Forms of the app, written with WTForms."""

from wtforms import DateTimeLocalField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from aiocms import N_, Form


class EntryForm(Form):
    """One entry, in the admin."""

    title = StringField(N_("Title"), [InputRequired(), Length(max=200)])
    slug = StringField(
        N_("Address"),
        [InputRequired(), Regexp(r"^[a-z0-9-]+$", message=N_("Only a-z, 0-9 and hyphens."))],
        description=N_("The last part of the address, such as my-first-note."),
    )
    text = TextAreaField(N_("Text"))
    written = DateTimeLocalField(N_("Written"), [InputRequired()])
