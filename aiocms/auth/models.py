"""The collections of accounts.

auth_users       username (normalized), email, display_name, active, superuser, roles [ids of auth_roles],
                 permissions, language, time_zone, theme, stamp, created, last_login
auth_passwords   _id is the user's: hash, changed. Apart from the users on purpose: no screen, filter or
                 export of users can ever read a hash (Strapi CVE-2023-22894, Payload CVE-2026-105852).
auth_roles       name, title, permissions
auth_throttles   _id names an account, a browser or an address: hits, expires
auth_browsers    _id is the hash of a cookie's token: user_id, expires. Browsers that have logged in before.
auth_locks       one document that changes of superusers write to, so that two of them conflict
"""

from aiocms import Index

USERS = "auth_users"
PASSWORDS = "auth_passwords"
ROLES = "auth_roles"
THROTTLES = "auth_throttles"
BROWSERS = "auth_browsers"
LOCKS = "auth_locks"

indexes = (
    Index(USERS, [("username", 1)], unique=True),
    Index(USERS, [("roles", 1)]),
    Index(ROLES, [("name", 1)], unique=True),
    Index(THROTTLES, [("expires", 1)], expireAfterSeconds=0),
    Index(BROWSERS, [("expires", 1)], expireAfterSeconds=0),
    Index(BROWSERS, [("user_id", 1)]),
)
