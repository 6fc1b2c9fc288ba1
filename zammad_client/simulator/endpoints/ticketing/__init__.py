"""What belongs to tickets: articles, accounted time, the form for new ones."""
