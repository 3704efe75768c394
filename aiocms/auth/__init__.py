"""Users, roles, sessions, login: the bundled app behind `request.user` and every guarded route."""
