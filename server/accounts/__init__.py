"""Users, organizations, roles and the one permission function; pure."""
