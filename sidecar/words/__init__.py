"""Every word that people read: codes become sentences of their language, numbers and times are written as it does."""
