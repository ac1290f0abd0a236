"""Exports of other systems: recognised by their headings, read exactly or refused with a code."""
