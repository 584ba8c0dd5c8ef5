"""Errors of the drafter, all shown to the user as one sentence: what is wrong, where, and what to do.

DrafterError
├── InputUnreadable     a file cannot be read as a case (empty, binary, encrypted, image only, too large)
│   └── PasswordNeeded      it opens only with a password, or not with the one given
├── CaseInvalid         a case file breaks its schema; names the key
├── NothingToRead       a folder or list without a single letter or case file
├── UnknownItem         --item or --determination names an item the case does not have
├── TemplateInvalid     a prompt or sentence-form file is wrong
├── ReleaseRefused      a prompt version may not go live, or back, and why
├── HistoryBroken       the label history does not hold together; names the line
├── TrialFailed         a trial of a prompt version gave no verdict
├── ModelUnavailable    the model named by --model cannot be used here
├── SettingInvalid      a variable of the environment has a value that is none
├── EvaluationRefused   a signed case cannot become an evaluation case, and why
├── UnknownCase         the desk's record holds no such case
├── NotAllowed          the desk refuses an act, and says what would be allowed
│   ├── LetterLocked        the letter is signed; only an amendment changes it
│   └── ApprovalRefused     something stands in the way of the signature
├── AccessError         of accounts and sign-in at the review desk
│   ├── AccountInvalid      a login, password or role that an account cannot have
│   ├── UnknownAccount      no account has this id or login
│   ├── SignInRefused       login, password or one-time code is wrong, or the account is not active; never says which
│   ├── TooManyAttempts     too many attempts to sign in; says how long to wait
│   ├── SignOnRefused       what came back from the identity provider does not prove who somebody is, or lets nobody in
│   ├── ProviderUnreachable  the identity provider does not answer, or not as one
│   └── QuotaReached        somebody has done as much of something today as her role may; says how much that is
└── RecordError         the record store of the review desk
    ├── StoreUnavailable    it cannot be opened, reached or written to; nothing was saved
    │   └── StorageFull     there is no room to save in; nothing was saved
    ├── CaseMoved           somebody saved the case after the writer read it
    ├── CasePurged          the case's text was removed under a retention rule
    ├── LoginTaken          another account has this login
    ├── RequestReused       one request id names two different things to record
    ├── RetentionRefused    a retention rule that the law does not allow
    ├── BackupInvalid       a file is no whole backup; names the line
    └── RecordDamaged       what the store holds is not what was recorded
"""

from __future__ import annotations


class DrafterError(Exception):
    """Base of what this package raises on purpose. The message is for the user and holds no clinical text."""


class InputUnreadable(DrafterError):
    pass


class PasswordNeeded(InputUnreadable):
    pass


class CaseInvalid(DrafterError):
    pass


class NothingToRead(DrafterError):
    pass


class UnknownItem(DrafterError):
    pass


class TemplateInvalid(DrafterError):
    """`problem`: the message without its place. `line` and `column` count from 1; `part`: the shared part it is in."""

    def __init__(self, problem: str, *, line: int | None = None, column: int | None = None, part: str = "") -> None:
        where = f"line {line}, column {column}: " if line is not None else ""
        super().__init__(f"{f'in part {part}, ' if part else ''}{where}{problem}")
        self.problem = problem
        self.line = line
        self.column = column
        self.part = part


class ReleaseRefused(DrafterError):
    pass


class HistoryBroken(DrafterError):
    pass


class TrialFailed(DrafterError):
    pass


class ModelUnavailable(DrafterError):
    pass


class SettingInvalid(DrafterError):
    pass


class AccessError(DrafterError):
    pass


class AccountInvalid(AccessError):
    pass


class UnknownAccount(AccessError):
    pass


class SignInRefused(AccessError):
    pass


class TooManyAttempts(AccessError):
    pass


class SignOnRefused(AccessError):
    """`why` is a word for the record: what was wrong, never a value of it."""

    def __init__(self, message: str, *, why: str) -> None:
        super().__init__(message)
        self.why = why


class ProviderUnreachable(AccessError):
    pass


class QuotaReached(AccessError):
    pass


class RecordError(DrafterError):
    pass


class StoreUnavailable(RecordError):
    pass


class StorageFull(StoreUnavailable):
    pass


class CaseMoved(RecordError):
    """`head` is the number of the case's last entry now, 0 where it has none."""

    def __init__(self, message: str, *, case_id: str, head: int) -> None:
        super().__init__(message)
        self.case_id = case_id
        self.head = head


class CasePurged(RecordError):
    pass


class LoginTaken(RecordError):
    pass


class RequestReused(RecordError):
    pass


class RetentionRefused(RecordError):
    pass


class BackupInvalid(RecordError):
    pass


class RecordDamaged(RecordError):
    pass


class UnknownCase(DrafterError):
    pass


class NotAllowed(DrafterError):
    pass


class LetterLocked(NotAllowed):
    pass


class ApprovalRefused(NotAllowed):
    pass


class EvaluationRefused(DrafterError):
    pass
