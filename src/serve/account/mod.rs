//! Signing in and out, accounts, tokens: pages that work without a script, and JSON for programs.
//!
//! A form that fails leads a browser back to its page, which says why; a program gets the problem.

mod manage;
mod pages;
mod sign_in;
pub(super) mod texts;

pub(super) use manage::{add, add_token, list, revoke_token, tokens};
pub(super) use pages::{link_page, me, respond as page_of, sign_in_page, style};
pub(super) use sign_in::{change_password, sign_in, sign_out, use_link};

/// Where a link leads that sets a password: the only address with a secret in it.
pub(super) const LINK_PATH: &str = "/sign-in/link/{secret}";

/// What every address of a link starts with.
pub(super) const LINK_START: &str = "/sign-in/link/";
