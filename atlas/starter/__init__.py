"""The starter set: the publishers' own files, made small enough to come with the portal. Files: `data/`.

A first start shows them until the publishers' files can be fetched or somebody loads others.
"""
