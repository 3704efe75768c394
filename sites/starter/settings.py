"""Settings of this site: plain lower-case names. `aiocms check --settings` lists them all.

Any of them can be set from outside too, as AIOCMS_<NAME>: AIOCMS_PORT=9000 aiocms run
"""

title = "Starter"

# Apps that come with aiocms (or any installed package), lowest first. The apps of this site, the folders
# in apps/, are found by themselves.
apps = ["auth", "admin"]

languages = ["en", "ru"]
time_zone = "UTC"

# Without an address aiocms runs a MongoDB of its own in var/mongo.
# database = "mongodb://user:password@db.example.org/?replicaSet=rs0&tls=true"
database_name = "starter"

# For the work at your desk: errors are shown in the browser, templates are read anew on each request.
# What `aiocms deploy` prints switches it off with AIOCMS_DEBUG=0.
debug = True
