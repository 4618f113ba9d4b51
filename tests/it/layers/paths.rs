//! Every path that a source text names, with the places that `crate`, `self` and `super` stand for worked out.
//!
//! Works on tokens: comments and strings say nothing, the insides of macros, attributes and bodies do.
//! What is named through `use … as` or `use …::*` is not followed: it was named where it was brought in.

use std::path::Path;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The name under which the binary knows the library.
const LIBRARY: &str = env!("CARGO_PKG_NAME");

/// One path that a text names.
pub(super) struct NamedPath {
    /// Its names from the outermost in: `crate` for our own, else an outside crate or something local.
    /// The last name of a macro ends in `!`, and is `*` where everything is meant.
    pub(super) segments: Vec<String>,
    /// Whether it stands in a module named `tests`.
    pub(super) is_test: bool,
}

/// The module that a file under `src/` is, from the room in; empty for `lib.rs`.
pub(super) fn module_of(file: &Path) -> Vec<String> {
    let stem = file.with_extension("");
    stem.iter()
        .map(|name| name.to_str().unwrap().to_owned())
        .filter(|name| name != "mod" && name != "lib")
        .collect()
}

/// The paths that a text in `module` names, in its order.
pub(super) fn named_paths(module: &[String], text: &str) -> Vec<NamedPath> {
    let tokens: TokenStream = text.parse().expect("a source file is made of Rust tokens");
    let mut paths = Vec::new();
    walk(tokens, module, &mut paths);
    paths
}

fn walk(tokens: TokenStream, module: &[String], paths: &mut Vec<NamedPath>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut position = 0;
    while position < tokens.len() {
        match &tokens[position] {
            TokenTree::Group(group) => {
                let mut inner = module.to_vec();
                inner.extend(name_of_module_before(&tokens[..position]));
                walk(group.stream(), &inner, paths);
                position += 1;
            }
            TokenTree::Ident(word) => {
                // After `use` and `extern crate`, a single name is a path too; elsewhere it may be anything.
                let is_import = word == "use" || (word == "crate" && is_extern(&tokens, position));
                let start = if is_import {
                    after_separator(&tokens, position + 1)
                } else {
                    position
                };
                let (found, end) = read(&tokens, start, &[]);
                for segments in found {
                    let is_path =
                        segments.len() > 1 || segments.iter().any(|name| name.ends_with('!'));
                    if is_path || (is_import && !segments.is_empty()) {
                        paths.push(placed(segments, module));
                    }
                }
                position = end.max(position + 1);
            }
            _ => position += 1,
        }
    }
}

/// Reads what starts at `position` and continues `prefix`: one path, or as many as braces hold.
/// Returns the paths and the position after them.
fn read(tokens: &[TokenTree], position: usize, prefix: &[String]) -> (Vec<Vec<String>>, usize) {
    let after_prefix = |name: &str| [prefix, &[name.to_owned()]].concat();
    match tokens.get(position) {
        Some(TokenTree::Ident(word)) => {
            let name = word.to_string();
            if is_separator(tokens, position + 1) {
                read(tokens, position + 3, &after_prefix(&name))
            } else if is_bang(tokens, position + 1) {
                (vec![after_prefix(&format!("{name}!"))], position + 2)
            } else {
                (vec![after_prefix(&name)], position + 1)
            }
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let paths = inner
                .split(|token| is_punct(Some(token), ','))
                .flat_map(|each| read(each, after_separator(each, 0), prefix).0)
                .collect();
            (paths, position + 1)
        }
        Some(TokenTree::Punct(star)) if star.as_char() == '*' => {
            (vec![after_prefix("*")], position + 1)
        }
        // A path that ends in `::<…>`, or nothing at all.
        _ => (vec![prefix.to_vec()], position),
    }
}

/// The path with its beginning worked out: `self`, `super` and the library's own name become `crate::…`.
fn placed(mut segments: Vec<String>, module: &[String]) -> NamedPath {
    if segments.len() > 1 && segments.last().is_some_and(|name| name == "self") {
        segments.pop();
    }
    let n_supers = segments.iter().take_while(|name| *name == "super").count();
    let is_relative = n_supers > 0 || segments[0] == "self";
    let segments = if is_relative {
        let home = &module[..module.len().saturating_sub(n_supers)];
        let rest = &segments[n_supers.max(1)..];
        [&["crate".to_owned()], home, rest].concat()
    } else if segments[0] == LIBRARY {
        [&["crate".to_owned()], &segments[1..]].concat()
    } else {
        segments
    };
    NamedPath {
        segments,
        is_test: module.iter().any(|name| name == "tests"),
    }
}

/// `name` where the tokens end in `mod name`, so that a group that follows is its body.
fn name_of_module_before(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [.., TokenTree::Ident(keyword), TokenTree::Ident(name)] if keyword == "mod" => {
            Some(name.to_string())
        }
        _ => None,
    }
}

fn is_extern(tokens: &[TokenTree], position: usize) -> bool {
    position > 0 && matches!(&tokens[position - 1], TokenTree::Ident(word) if word == "extern")
}

/// The position, or the one after a `::` that stands there.
fn after_separator(tokens: &[TokenTree], position: usize) -> usize {
    if is_separator(tokens, position) {
        position + 2
    } else {
        position
    }
}

fn is_separator(tokens: &[TokenTree], position: usize) -> bool {
    matches!(tokens.get(position), Some(TokenTree::Punct(first)) if first.as_char() == ':' && first.spacing() == Spacing::Joint)
        && is_punct(tokens.get(position + 1), ':')
}

/// Whether a macro's `!` stands at `position`, with what it is called on after it.
fn is_bang(tokens: &[TokenTree], position: usize) -> bool {
    is_punct(tokens.get(position), '!')
        && matches!(
            tokens.get(position + 1),
            Some(TokenTree::Group(_) | TokenTree::Ident(_))
        )
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}
