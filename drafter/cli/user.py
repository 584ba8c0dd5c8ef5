"""`drafter user`: accounts of the review desk from the shell, for the first one and for when nobody can sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from drafter.domain.review.people import Role
    from drafter.services.access.accounts import Accounts

EXAMPLES = """
Examples:

  drafter user add m.keller --role reviewer --specialty "Occupational Medicine" --licensure California
  drafter user list
  drafter user roles m.keller --role reviewer --role qa
  drafter user reset m.keller                       a new temporary password; takes the second factor away
  drafter user link m.keller 8d0c5f1e                from now on she signs in at the identity provider
  drafter user unlink m.keller --role reviewer       by password again
  drafter user deactivate m.keller
"""

app = typer.Typer(
    name="user",
    help="Accounts of the review desk: add, list, change roles, reset, link to the identity provider, deactivate.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
)
Login = Annotated[str, typer.Argument(help="Login of the account.")]
Roles = Annotated[list[str], typer.Option("--role", help="reviewer, qa, prompt_editor or admin; may be repeated.")]


@app.command("add")
def add(
    login: Login,
    role: Roles,
    specialty: Annotated[str, typer.Option(help="Specialty that letters print, for a reviewer.")] = "",
    licensure: Annotated[str, typer.Option(help="State of licence that letters print, for a reviewer.")] = "",
) -> None:
    """Add an account and print its temporary password, once."""
    from drafter.domain.review.people import SYSTEM, ReviewerProfile

    accounts = _accounts()
    account, password = accounts.add(login=login, roles=_roles(role), actor=SYSTEM)
    if specialty or licensure:
        profile = ReviewerProfile(specialty=specialty, licensure=licensure)
        accounts.set_profile(account, profile, actor=SYSTEM)
    typer.echo(f"{login}: temporary password, shown this once: {password}")


@app.command("list")
def list_accounts(json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Show every account with its roles."""
    from drafter.services.contract import to_line

    accounts = _accounts().all()
    if json_:
        shown = [
            {
                "login": one.login,
                "roles": list(one.roles),
                "active": one.active,
                "second_factor": one.second_factor,
                "temporary_password": one.must_choose_password,
                "identity_provider": one.identity is not None,
            }
            for one in accounts
        ]
        typer.echo(to_line({"accounts": shown}))
        return
    for one in accounts:
        state = "active" if one.active else "deactivated"
        by = ", at the identity provider" if one.identity else ", second factor" if one.second_factor else ""
        typer.echo(f"{one.login:24} {', '.join(one.roles):32} {state}{by}")
    if not accounts:
        typer.echo("No account yet; `drafter serve` prints a code for the first, or use `drafter user add`.")


@app.command("roles")
def roles(login: Login, role: Roles) -> None:
    """Replace the roles of an account; ends its sessions."""
    from drafter.domain.review.people import SYSTEM

    accounts = _accounts()
    accounts.change_roles(accounts.named(login), _roles(role), actor=SYSTEM)
    typer.echo(f"{login}: {', '.join(accounts.named(login).roles)}")


@app.command("reset")
def reset(login: Login) -> None:
    """Set a temporary password and take the second factor away; ends the sessions."""
    from drafter.domain.review.people import SYSTEM

    accounts = _accounts()
    password = accounts.reset(accounts.named(login), actor=SYSTEM)
    typer.echo(f"{login}: temporary password, shown this once: {password}")


@app.command("link")
def link(login: Login, subject: Annotated[str, typer.Argument(help="Her subject at the identity provider.")]) -> None:
    """Let an account sign in at the identity provider from now on; its password holds no more."""
    from drafter.domain.review.people import SYSTEM, Identity
    from drafter.errors import AccountInvalid
    from drafter.settings import read_settings

    provider = read_settings().access.sign_on
    if provider is None:
        raise AccountInvalid("No identity provider is configured; set DRAFTER_OIDC_ISSUER.")
    accounts = _accounts()
    accounts.link(accounts.named(login), Identity(issuer=provider.issuer, subject=subject), actor=SYSTEM)
    typer.echo(f"{login}: signs in at {provider.name}")


@app.command("unlink")
def unlink(login: Login, role: Roles) -> None:
    """Let an account sign in by password again, with these roles; print its temporary password, once."""
    from drafter.domain.review.people import SYSTEM

    accounts = _accounts()
    password = accounts.unlink(accounts.named(login), roles=_roles(role), actor=SYSTEM)
    typer.echo(f"{login}: temporary password, shown this once: {password}")


@app.command("deactivate")
def deactivate(login: Login) -> None:
    """Let an account in no more; its sessions end, what it wrote and signed stays."""
    from drafter.domain.review.people import SYSTEM

    accounts = _accounts()
    accounts.deactivate(accounts.named(login), actor=SYSTEM)
    typer.echo(f"{login}: deactivated")


def _accounts() -> Accounts:
    from drafter.desk_bootstrap import open_accounts
    from drafter.settings import read_settings

    return open_accounts(read_settings())


def _roles(named: list[str]) -> tuple[Role, ...]:
    """Raises AccountInvalid for a role that is none."""
    from drafter.domain.review.people import ROLES
    from drafter.errors import AccountInvalid

    if unknown := [one for one in named if one not in ROLES]:
        raise AccountInvalid(f"--role {unknown[0]}: there is no such role; use {', '.join(ROLES)}.")
    return tuple(role for role in ROLES if role in named)
