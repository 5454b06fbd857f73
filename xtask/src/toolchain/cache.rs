//! Where what takes minutes to make is kept for the next run.

use std::ffi::OsString;
use std::path::PathBuf;

/// `PACELINE_CACHE`, else `paceline` in the user's cache folder.
///
/// # Errors
/// A sentence, when nothing says where the user's files are.
pub(super) fn folder() -> Result<PathBuf, String> {
    chosen(|name| std::env::var_os(name)).ok_or_else(|| {
        "there is no folder for what is kept between runs; PACELINE_CACHE can name one by its whole path"
            .to_owned()
    })
}

fn chosen(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let path = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    path("PACELINE_CACHE")
        .or_else(|| Some(path("XDG_CACHE_HOME")?.join("paceline")))
        .or_else(|| Some(path("HOME")?.join(".cache/paceline")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_wish_counts_and_only_whole_paths_do() {
        let with = |set: &'static [(&str, &str)]| {
            chosen(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value)))
        };
        assert_eq!(
            with(&[("PACELINE_CACHE", "/a"), ("XDG_CACHE_HOME", "/b"), ("HOME", "/c")]),
            Some("/a".into())
        );
        assert_eq!(with(&[("XDG_CACHE_HOME", "/b"), ("HOME", "/c")]), Some("/b/paceline".into()));
        assert_eq!(with(&[("PACELINE_CACHE", "a"), ("HOME", "/c")]), Some("/c/.cache/paceline".into()));
        assert_eq!(with(&[]), None);
    }
}
