"""The door to sipgate: what is answered while the phone waits, and the journal that has it on disk before."""
