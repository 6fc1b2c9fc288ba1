"""The admin pages, for people with `admin.integration` alone."""
