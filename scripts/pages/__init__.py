"""Pages that are written from tables and scenarios, a module each. scripts/generate calls them."""
