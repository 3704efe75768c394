"""Who may do what in the admin: every route, method and role against one table; scope and field rights."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bson import ObjectId

from aiocms.testing import Login

from .conftest import DOCUMENTS, FILED, HIDDEN, NOTE, Target, find_forms, restore
from .test_fuzz import FORM, Problems, iter_routes, urlencoded

ROLES: dict[str, Any] = {
    "anonymous": None,
    "stranger": {"superuser": False},
    "owner of rights without entry": {"superuser": False, "permissions": ("desk.*", "files.*", "admin.pipelines")},
    "entry alone": {"superuser": False, "permissions": ("admin.enter",)},
    "viewer": {"superuser": False, "permissions": ("admin.enter", "desk.notes.view")},
    "adder": {"superuser": False, "permissions": ("admin.enter", "desk.notes.view", "desk.notes.add")},
    "editor": {"superuser": False, "permissions": ("admin.enter", "desk.notes.view", "desk.notes.edit")},
    "deleter": {"superuser": False, "permissions": ("admin.enter", "desk.notes.view", "desk.notes.delete")},
    "indexer": {"superuser": False, "permissions": ("admin.enter", "desk.notes.view", "desk.notes.index")},
    "reader of reports": {"superuser": False, "permissions": ("admin.enter", "desk.notes.view", "desk.kinds.view")},
    "reader of a report alone": {"superuser": False, "permissions": ("admin.enter", "desk.kinds.view")},
    "writer of reports": {"superuser": False, "permissions": ("admin.enter", "desk.notes.view", "admin.pipelines")},
    "reader of files": {"superuser": False, "permissions": ("admin.enter", "files.files.view")},
    "adder of files": {"superuser": False, "permissions": ("admin.enter", "files.files.add")},
    "other screen": {"superuser": False, "permissions": ("admin.enter", "shop.*", "auth.*", "database.*")},
    "all but": {"superuser": False, "permissions": ("admin.enter", "*", "~desk.notes")},
    "superuser": {"superuser": True},
}  # fmt: skip
EVERYBODY_IN = tuple(ROLES)[3:]
ALL = ("all but", "superuser")
VIEW = (
    "viewer", "adder", "editor", "deleter", "indexer", "reader of reports", "writer of reports", *ALL,
)  # fmt: skip
# Route and method -> who is let in. `~desk.notes` of "all but" takes nothing away from desk.notes.view.
TABLE: dict[tuple[str, str], tuple[str, ...]] = {
    ("admin:index", "GET"): EVERYBODY_IN,
    ("admin:find", "GET"): EVERYBODY_IN,
    ("admin:palette", "GET"): EVERYBODY_IN,
    # What is sent comes back as HTML, and nothing else is read.
    ("admin:text", "POST"): EVERYBODY_IN,
    ("admin:list", "GET"): VIEW,
    ("admin:suggest", "GET"): VIEW,
    ("admin:charts", "GET"): VIEW,
    ("admin:charts", "POST"): VIEW,  # the user's own choice, as those of the panels below
    ("admin:live", "GET"): VIEW,
    # The panels of a list. What is posted to the first four is the user's own: columns, rows a page, views.
    ("admin:list_filter", "GET"): VIEW,
    ("admin:list_sort", "GET"): VIEW,
    ("admin:list_jump", "GET"): VIEW,
    ("admin:list_columns", "GET"): VIEW,
    ("admin:list_columns", "POST"): VIEW,
    ("admin:list_size", "POST"): VIEW,
    ("admin:list_view", "GET"): VIEW,
    ("admin:list_view", "POST"): VIEW,
    ("admin:list_cost", "GET"): VIEW,
    ("admin:list_cost", "POST"): ("indexer", *ALL),
    ("admin:create", "GET"): ("adder", *ALL),
    ("admin:create", "POST"): ("adder", *ALL),
    ("admin:upload", "POST"): ("adder", "editor", *ALL),
    ("admin:edit", "GET"): VIEW,
    ("admin:edit", "POST"): ("editor", *ALL),
    ("admin:validate", "POST"): ("editor", *ALL),
    ("admin:preview", "GET"): VIEW,
    ("admin:used_by", "GET"): VIEW,
    ("admin:cell", "GET"): ("editor", *ALL),
    ("admin:cell", "POST"): ("editor", *ALL),
    ("admin:delete", "GET"): ("deleter", *ALL),
    ("admin:delete", "POST"): ("deleter", *ALL),
    ("admin:action", "POST"): ("editor", *ALL),
    ("admin:undo", "POST"): ("editor", *ALL),
    # A report shows documents only to who may see them without it.
    ("admin:report", "GET"): ("reader of reports", *ALL),
    ("admin:pipelines", "GET"): EVERYBODY_IN,
    ("admin:pipeline_new", "GET"): ("writer of reports", *ALL),
    ("admin:pipeline_new", "POST"): ("writer of reports", *ALL),
    # Somebody's, of notes, shared with everybody; only its owner changes it.
    ("admin:pipeline", "GET"): VIEW,
    ("admin:pipeline_edit", "GET"): ("superuser",),
    ("admin:pipeline_edit", "POST"): ("superuser",),
    # The library is a part of the admin. Each file's own address asks for the rights of that file: tests/files.
    ("files:library", "GET"): ("reader of files", *ALL),
    ("files:pick", "GET"): ("reader of files", *ALL),
    ("files:upload", "GET"): ("adder of files", *ALL),
    ("files:upload", "POST"): ("adder of files", *ALL),
}
REPORT = ObjectId("64b000000000000000000099")
PICTURE = "ab" * 32
WRITTEN = '[{"$group": {"_id": "$title"}}]'
# What is answered to who is let in; 422: the form is refused for what is in it. There is no field for the upload.
WELCOME = {
    "admin:upload": (404,),
    "files:upload": (200, 422),
    "admin:live": (200, 204),
    "admin:list_jump": (303,),
}
# Besides the documents: what a user keeps, and reports.
KEPT = ("admin_preferences", "admin_views", "admin_reports", "files_files")


def fill(path: str, change: str, name: str = "") -> str:
    ids = {"admin:pipeline": str(REPORT), "admin:pipeline_edit": str(REPORT), "files:pick": PICTURE}
    values = {
        "ns": "desk",
        "screen": "notes",
        "report": "kinds",
        "id": ids.get(name, str(NOTE)),
        "change": change,
    }
    query = {"admin:cell": "?path=title", "admin:upload": "?name=text"}.get(name, "")
    return re.sub(r"\{(\w+)[^{}]*\}", lambda match: values[match[1]], path) + query


async def make_change(target: Target, login: Login, db: Any) -> str:
    """A recorded edit of the note, by somebody else."""
    await target.log_in(login, "somebody")
    path = f"/admin/desk/notes/{NOTE}"
    fields = find_fields(await target.ask("GET", path))
    pairs = [(key, "Changed" if key == "title" else value) for key, value in fields]
    assert (await target.ask("POST", path, [(b"Content-Type", FORM)], urlencoded(pairs))).status == 303
    change = await db.admin_changes.find_one({}, sort=[("_id", -1)])
    return str(change["_id"])


def find_fields(answer: Any) -> list[tuple[str, str]]:
    """The fields of an edit page's form."""
    assert answer.status == 200, answer.text[:500]
    return next(fields for _, _, fields, _ in find_forms(answer.text) if "_base" in dict(fields))


def body_of(name: str, token: str) -> list[tuple[str, str]]:
    more = {
        "admin:create": [("_end", "1"), ("title", "Made"), ("kind", "a")],
        "admin:edit": [("_end", "1"), ("title", "Taken"), ("kind", "a")],
        "admin:cell": [("_end", "1"), ("title", "Taken")],
        "admin:action": [("action", "stamp"), ("rows", str(NOTE))],
        "admin:text": [("text", "*words*")],
        "admin:list_columns": [("col", "pages")],
        "admin:list_size": [("size", "20")],
        "admin:list_view": [("name", "Mine")],
        "admin:list_cost": [("do:", "make:title_1")],
        "admin:pipeline_new": [("name", "New"), ("collection", "desk_notes"), ("text", WRITTEN), ("do", "save")],
        "admin:pipeline_edit": [("name", "Taken"), ("collection", "desk_notes"), ("text", WRITTEN), ("do", "save")],
    }  # fmt: skip
    return [("csrf_token", token), *more.get(name, [])]


def list_routes(target: Target) -> list[tuple[str, str, str]]:
    found = [
        (method, path, name)
        for method, path, name in iter_routes(target)
        if name.startswith(("admin:", "files:"))
        and name not in ("files:file", "files:thumb")
        and method != "HEAD"
    ]
    assert {(name, method) for method, _, name in found} == set(TABLE), "the table and the routes differ"
    return found


async def collect(db: Any) -> dict[str, list[Any]]:
    return {name: await db[name].find().sort("_id", 1).to_list(None) for name in (*DOCUMENTS, *KEPT)}


async def seed(db: Any) -> None:
    """A report and a file of somebody's, that everybody may have."""
    values = {"name": "Titles", "collection": "desk_notes", "pipeline": WRITTEN, "roles": ["*"]}
    await db.admin_reports.insert_one(
        {"_id": REPORT, **values, "owner": ObjectId(), "owner_name": "somebody"}
    )
    picture = {"name": "sun.png", "type": "image/png", "size": 1, "width": 1, "height": 1, "grants": [""]}
    await db.files_files.insert_one({"_id": PICTURE, **picture, "keep": True, "content": ObjectId()})


@pytest.mark.parametrize("role", ROLES)
async def test_every_route_of_the_admin_lets_in_whom_the_table_names(
    target: Target, login: Login, db: Any, role: str
) -> None:
    change = await make_change(target, login, db)
    await seed(db)
    target.cookie, target.token = b"", ""
    if ROLES[role] is not None:
        await target.log_in(login, "the one", **ROLES[role])
    for method, path, name in list_routes(target):
        await restore(db)
        await db.desk_notes.update_one({"_id": NOTE}, {"$set": {"title": "Changed"}})
        before = await collect(db)
        address = fill(path, change, name)
        body = urlencoded(body_of(name, target.token)) if method == "POST" else b""
        head = [(b"Content-Type", FORM), (b"X-CSRF-Token", target.token.encode())] if body else []
        answer = await target.ask(method, address, head, body)
        about = (role, method, name, answer.status, answer.text[-300:])
        if role in TABLE[name, method]:
            assert answer.status in WELCOME.get(name, (200, 303, 409, 422)), about
            assert "/login" not in answer.header("Location"), about
        elif role == "anonymous":
            assert answer.status in (303, 401), about
            assert answer.status == 401 or answer.header("Location").startswith("/login"), about
        else:
            assert answer.status == 403, about
        if role not in TABLE[name, method]:
            assert await collect(db) == before, about
            # Who may look is told of their own deed before.
            assert role in VIEW or not re.search("First|Changed", answer.text), about
        if method == "GET":
            bare = await target.ask("HEAD", address)
            # Nobody listens to a stream that is only asked about.
            wanted = 204 if name == "admin:live" and answer.status == 200 else answer.status
            assert bare.status == wanted and bare.body == b"", about


async def test_a_new_document_is_checked_only_for_who_may_add_one(target: Target, login: Login) -> None:
    for role, status in (("adder", 200), ("editor", 403), ("viewer", 403), ("entry alone", 403)):
        await target.log_in(login, role, **ROLES[role])
        body = urlencoded(body_of("admin:create", target.token))
        path = "/admin/desk/notes/new/validate"
        assert (await target.ask("POST", path, [(b"Content-Type", FORM)], body)).status == status, role


async def test_rights_of_other_screens_open_nothing_and_odd_names_no_more(
    target: Target, login: Login
) -> None:
    await target.log_in(login, "narrow", superuser=False, permissions=("admin.enter", "desk", "desk.notesx.view", "database.desk_notes.view"))  # fmt: skip
    for path in (
        "/admin/desk/notes/", "/admin/desk/notes", "/admin/desk/Notes/", "/admin/desk/note%73/", "/admin/desk/*/", "/admin/*/*/",
        "/admin/database/desk_notes/", "/admin/desk.notes/x/", "/admin/desk/notes.view/", "/admin/desk/notesx/", "/admin/./desk/notes/",
        "/admin//desk/notes/", "/admin/desk%2Fnotes/x/", "/admin/database/auth_users/", "/admin/database/auth_passwords/",
        "/admin/database/core_sessions/", "/admin/database/admin_changes/", "/admin/database/system.profile/",
    ):  # fmt: skip
        answer = await target.ask("GET", path)
        assert answer.status in (403, 404), path
    await target.log_in(login)
    for path in (
        "/admin/database/desk_notes/", "/admin/database/auth_users/", "/admin/database/auth_passwords/", "/admin/database/core_sessions/",
        "/admin/database/admin_changes/", "/admin/auth/sealedpasswords/", "/admin/auth/sealedbrowsers/", "/admin/auth/sealedthrottles/",
        "/admin/database/system.users/", "/admin/database/fs.chunks/",
    ):  # fmt: skip
        for rest in ("", "new", "x", "x/delete"):
            assert (await target.ask("GET", path + rest)).status in (403, 404), (path, rest)
    assert "argon2" not in (await target.ask("GET", "/admin/auth/users/")).text


FILES = {"superuser": False, "permissions": ("admin.enter", "desk.files.*")}


async def test_documents_outside_the_scope_are_as_if_not_there_on_every_way(
    target: Target, login: Login, db: Any
) -> None:
    await target.log_in(login, "boss")
    theirs, mine = f"/admin/desk/files/{HIDDEN}", f"/admin/desk/files/{FILED}"
    for path, title in ((theirs, "Theirs"), (mine, "Mine")):
        pairs = [
            (k, f"{title} 2" if k == "title" else v) for k, v in find_fields(await target.ask("GET", path))
        ]
        assert (await target.ask("POST", path, [(b"Content-Type", FORM)], urlencoded(pairs))).status == 303
    stolen = find_fields(await target.ask("GET", theirs))
    await db.desk_files.insert_one({"_id": "gone", "title": "Theirs too", "owner": "somebody"})
    gone = "/admin/desk/files/gone/delete"
    token = [("csrf_token", target.token)]
    assert (await target.ask("POST", gone, [(b"Content-Type", FORM)], urlencoded(token))).status == 303
    changes = {str(one["_id"]): one async for one in db.admin_changes.find()}
    assert len(changes) == 3
    await target.log_in(login, "viewer", **FILES)
    before = await collect(db)
    nowhere = f"/admin/desk/files/{ObjectId()}"
    for rest in ("", "?tab=json", "?at=title", "/delete"):
        one, other = await target.ask("GET", theirs + rest), await target.ask("GET", nowhere + rest)
        assert one.status == other.status == 404, rest
        assert len(one.body) - len(other.body) in range(-3, 4), (
            "a missing and a hidden document must look the same"
        )
    for path, pairs in (
        (theirs, [(k, target.token if k == "csrf_token" else v) for k, v in stolen]),
        (f"{theirs}/delete", [("csrf_token", target.token)]),
    ):
        assert (await target.ask("POST", path, [(b"Content-Type", FORM)], urlencoded(pairs))).status == 404
    for pairs in (
        [("rows", str(HIDDEN))],
        [("all", "yes"), ("query", "title=Theirs 2")],
        [("all", "yes"), ("query", "")],
    ):
        body = urlencoded([("csrf_token", target.token), ("action", "delete"), *pairs])
        asked = await target.ask("POST", "/admin/desk/files/-/action", [(b"Content-Type", FORM)], body)
        assert "Theirs" not in asked.text.replace("title=Theirs", "")
    body = urlencoded(
        [("csrf_token", target.token), ("action", "delete"), ("rows", str(HIDDEN)), ("confirm", "yes")]
    )
    assert (
        await target.ask("POST", "/admin/desk/files/-/action", [(b"Content-Type", FORM)], body)
    ).status == 303
    for change in changes:
        answer = await target.ask(
            "POST",
            f"/admin/undo/{change}",
            [(b"Content-Type", FORM)],
            urlencoded([("csrf_token", target.token)]),
        )
        assert "Theirs" not in answer.text
    after = await collect(db)
    assert "gone" not in [one["_id"] for one in after["desk_files"]]
    assert [one for one in after["desk_files"] if one["_id"] == HIDDEN] == [
        one for one in before["desk_files"] if one["_id"] == HIDDEN
    ]
    for page in (
        "/admin/",
        "/admin/desk/files/",
        "/admin/desk/files/?title.contains=heirs",
        "/admin/desk/files/?sort=-title",
    ):
        assert "Theirs" not in (await target.ask("GET", page)).text.replace("title.contains=heirs", ""), page


SECRET = re.compile(r"SALARY|PIN-|NEWSALARY|NEWPIN")


async def test_masked_and_hidden_fields_are_on_no_page_and_answer_no_question(
    target: Target, login: Login, db: Any
) -> None:
    mine, board = f"/admin/desk/files/{FILED}", "/admin/desk/files/"
    await target.log_in(login, "boss")
    fields = find_fields(await target.ask("GET", mine))
    new = {"salary": "NEWSALARY", "pin": "NEWPIN", "title": "SALARY in a title is no secret"}
    pairs = [(k, new.get(k, v)) for k, v in fields if k != "title"]
    assert (await target.ask("POST", mine, [(b"Content-Type", FORM)], urlencoded(pairs))).status == 303
    await target.log_in(login, "viewer", **FILES)
    opened = find_fields(await target.ask("GET", mine))
    for page in (
        "", "?tab=json", "?at=deep", "?at=deep&tab=json", "?at=salary", "?at=pin", "?at=deep.pin", "?at=deep.salary&tab=json", "/delete",
    ):  # fmt: skip
        answer = await target.ask("GET", mine + page)
        assert answer.status in (200, 404), page
        assert not SECRET.search(answer.text), (page, SECRET.findall(answer.text))
        assert "pin" not in re.findall(r'name="(?:deep-)?(\w+)"', answer.text)
    for query in (
        "", "cols=title,salary,pin,deep.pin,deep.salary,deep", "cols=deep", "sort=-salary", "sort=pin", "sort=deep", "q=SALARY", "q=PIN",
        "q=NEWPIN&scan=yes", "pin=NEWPIN", "pin.starts=N", "pin.exists=yes", "salary=NEWSALARY", "salary.type=string", "deep.pin=PIN-2",
        "deep.salary.contains=S", "deep.type=object", "or:pin=NEWPIN&or:title=x", "deep.empty=no", "deep.exists=yes",
    ):  # fmt: skip
        answer = await target.ask("GET", f"{board}?{query}")
        shown = answer.text
        for typed in set(re.findall(r"=([^&]*)", query)):
            if SECRET.search(typed):
                shown = shown.replace(typed, "")
        assert not SECRET.search(shown), (query, SECRET.findall(shown))
    # Whether a guess is right or wrong changes nothing that can be seen.
    for right, wrong in (
        ("pin=NEWPIN", "pin=NEWNIP"), ("salary=NEWSALARY", "salary=NEWSALARI"), ("q=NEWPIN", "q=NEWNIP"), ("q=NEWSALARY", "q=NEWSALARI"),
        ("deep.pin=PIN-2", "deep.pin=PIN-9"), ("salary.gt=MMMM", "salary.gt=ZZZZ"), ("or:deep.salary=SALARY-2&or:title=x", "or:deep.salary=SALARY-9&or:title=x"),
    ):  # fmt: skip
        one, other = [(await target.ask("GET", f"{board}?{query}")) for query in (right, wrong)]
        value, guess = (
            right.rpartition("=")[2] if "title" not in right else "SALARY-2",
            wrong.rpartition("=")[2] if "title" not in wrong else "SALARY-9",
        )
        assert one.status == other.status
        assert tidy(one.text, value) == tidy(other.text, guess), right
    # A conflict, and an undo by somebody who may not see what changed.
    pairs = [(k, "Old" if k == "title" else v) for k, v in opened]
    await db.desk_files.update_one({"_id": FILED}, {"$set": {"title": "Other", "salary": "SALARY-9", "pin": "PIN-9", "deep.pin": "PIN-8"}})  # fmt: skip
    answer = await target.ask("POST", mine, [(b"Content-Type", FORM)], urlencoded(pairs))
    assert answer.status == 409 and not SECRET.search(answer.text), SECRET.findall(answer.text)
    change = await db.admin_changes.find_one({}, sort=[("_id", -1)])
    answer = await target.ask(
        "POST",
        f"/admin/undo/{change['_id']}",
        [(b"Content-Type", FORM)],
        urlencoded([("csrf_token", target.token)]),
    )
    assert not SECRET.search(answer.text), SECRET.findall(answer.text)
    assert not SECRET.search((await target.ask("GET", "/admin/")).text)


def tidy(page: str, typed: str) -> str:
    """A page without what differs on every showing."""
    page = re.sub(r'(csrf_token"[^>]*value|nonce|data-since)="[^"]*"', "", page)
    page = re.sub(r"[0-9a-f]{16}", "", page)
    return page.replace(typed, "")


async def test_fields_that_a_user_may_not_edit_cannot_be_written_in_any_way(
    target: Target, login: Login, db: Any
) -> None:
    await target.log_in(login, "viewer", **FILES)
    mine = f"/admin/desk/files/{FILED}"
    fields = find_fields(await target.ask("GET", mine))
    problems = Problems()
    for more in (
        [("salary", "x")], [("salary~t", "string"), ("salary", "x")], [("pin~t", "string"), ("pin", "x")], [("salary~x", "1")],
        [("pin~x", "1")], [("deep-pin~t", "string"), ("deep-pin", "x")], [("deep-salary~x", "1")], [("deep~x", "1")],
        [("title~k", "pin")], [("title~k", "salary")], [("title~t", "object"), ("title-a~t", "string"), ("title~k", "deep")],
        [("_id~t", "int32"), ("_id", "5")], [("._id~t", "int32")], [(".5f.id~t", "int32"), (".5f.id", "5")], [("deep~t", "string"), ("deep", "x")],
        [("owner", "somebody")], [("deep~k", "deep2")], [("deep-salary~k", "open")], [("deep-salary~t", "string")],
    ):  # fmt: skip
        answer = await target.ask("POST", mine, [(b"Content-Type", FORM)], urlencoded([*fields, *more]))
        with problems:
            assert answer.status in (200, 303, 400, 409, 422), more
            await check_secrets(target, db, (more, answer.status))
        await restore(db)
        fields = find_fields(await target.ask("GET", mine))
    page = await target.ask("GET", f"{mine}?tab=json")
    fields = next(fields for _, _, fields, _ in find_forms(page.text) if "_json" in dict(fields))
    for text in (
        '{"title":"x"}', '{"title":"x","owner":"viewer","salary":"x","pin":"x","deep":{"plain":1}}', '{"deep":{"pin":"x"}}', "{}",
        '{"title":"x","owner":"viewer","salary":{"$kept":0},"deep":{"salary":{"$kept":0},"pin":{"$kept":1}}}', '{"salary":{"$kept":1}}',
        '{"title":{"$kept":0},"owner":"viewer"}', '{"title":"x","owner":"viewer","open":{"$kept":0},"salary":{"$kept":0},"deep":{"salary":{"$kept":1}}}',
        '{"title":"x","owner":"viewer","salary":{"$kept":0},"deep":{"salary":{"$kept":1},"open":{"$kept":1},"plain":1}}',
    ):  # fmt: skip
        pairs = [(k, text if k == "_json" else v) for k, v in fields]
        answer = await target.ask("POST", f"{mine}?tab=json", [(b"Content-Type", FORM)], urlencoded(pairs))
        with problems:
            assert not SECRET.search(answer.text), text
            await check_secrets(target, db, (text, answer.status))
        await restore(db)
    problems.show()


async def check_secrets(target: Target, db: Any, about: object) -> None:
    """The protected fields are as they were, and nothing shows them."""
    after = await db.desk_files.find_one({"_id": FILED})
    assert after, about
    kept = (
        after.get("salary"),
        after.get("pin"),
        after.get("deep", {}).get("salary"),
        after.get("deep", {}).get("pin"),
    )
    assert kept == ("SALARY-1", "PIN-1", "SALARY-2", "PIN-2"), (about, kept)
    # Out of one's own scope a document must not go.
    assert after["owner"] == "viewer", about
    page = await target.ask("GET", f"/admin/desk/files/{FILED}")
    assert not SECRET.search(page.text), (about, SECRET.findall(page.text))
