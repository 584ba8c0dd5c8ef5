"""Errors of the drafter, all shown to the user as one sentence: what is wrong, where, and what to do.

DrafterError
├── InputUnreadable     a file cannot be read as a case (empty, binary, encrypted, image only, too large)
├── CaseInvalid         a case file breaks its schema; names the key
├── NothingToRead       a folder or list without a single letter or case file
├── UnknownItem         --item or --determination names an item the case does not have
├── TemplateInvalid     a prompt or sentence-form file is wrong
├── ModelUnavailable    the model named by --model cannot be used here
└── SettingInvalid      a variable of the environment has a value that is none
"""

from __future__ import annotations


class DrafterError(Exception):
    """Base of what this package raises on purpose. The message is for the user and holds no clinical text."""


class InputUnreadable(DrafterError):
    pass


class CaseInvalid(DrafterError):
    pass


class NothingToRead(DrafterError):
    pass


class UnknownItem(DrafterError):
    pass


class TemplateInvalid(DrafterError):
    pass


class ModelUnavailable(DrafterError):
    pass


class SettingInvalid(DrafterError):
    pass
