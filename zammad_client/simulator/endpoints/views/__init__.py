"""What only the views of people ask for: tabs, and what a form demands."""
