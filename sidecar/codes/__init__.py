"""Codes of reasons that several parts give; those about calls stand in `sidecar.calls`, beside what decides them.

At the bottom of the house: `sidecar.words` puts them into words, and everybody else may use both.
"""
