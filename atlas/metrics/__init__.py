"""Context around people, in words: yearly, monthly and weekly series of places. None is a mobility outcome.

The children's outcomes of the Opportunity Atlas are in `atlas.measures`; nothing is in both.
"""
