"""Test helpers: the demo data's generator and the independent slow counter.

Belongs here: what several test modules share. Not here: anything the product imports, and anything that
imports the product (these modules judge it, so they share no code with it).
"""
