"""Accounts: set-up, sign-in, invitations, roles."""
