"""Whether missed calls can become tickets."""
