//! What a path says, before anything is looked up.

use super::errno::Errno;

/// Longest part of a path, in bytes.
const MAX_NAME: usize = 255;

/// A relative path, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// Names and `..`, without `.` and empty parts. Empty for the folder itself.
    pub names: Vec<&'a str>,
    /// Whether it can only mean a folder, as it ends in a slash or in `.`.
    pub folder: bool,
}

impl<'a> Parts<'a> {
    /// Takes a path apart. Absolute paths would lead out of the folder they are relative to.
    pub fn of(path: &'a str) -> Result<Self, Errno> {
        if path.is_empty() {
            return Err(Errno::NotFound);
        }
        if path.contains('\0') {
            return Err(Errno::Invalid);
        }
        if path.starts_with('/') {
            return Err(Errno::NotCapable);
        }
        let names = path
            .split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .collect::<Vec<_>>();
        if names.iter().any(|name| name.len() > MAX_NAME) {
            return Err(Errno::NameTooLong);
        }
        let folder = matches!(path.rsplit('/').next(), Some("" | "." | ".."));
        Ok(Self { names, folder })
    }

    /// The parts that lead to an entry's folder, and the entry's own name. `.` and `..` are no
    /// entries that could be made, renamed or removed.
    pub fn entry(&self) -> Result<(&[&'a str], &'a str), Errno> {
        match self.names.split_last() {
            Some((name, folder)) if *name != ".." => Ok((folder, *name)),
            _ => Err(Errno::Invalid),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart() {
        let cases = [
            ("a", vec!["a"], false),
            ("a/b", vec!["a", "b"], false),
            ("./a//b/", vec!["a", "b"], true),
            (".", vec![], true),
            ("a/.", vec!["a"], true),
            ("../a", vec!["..", "a"], false),
            ("a/..", vec!["a", ".."], true),
            ("...", vec!["..."], false),
        ];
        for (path, names, folder) in cases {
            assert_eq!(Parts::of(path), Ok(Parts { names, folder }), "{path}");
        }
    }

    #[test]
    fn paths_without_meaning_are_refused() {
        assert_eq!(Parts::of(""), Err(Errno::NotFound));
        assert_eq!(Parts::of("a\0b"), Err(Errno::Invalid));
        assert_eq!(Parts::of("/etc/passwd"), Err(Errno::NotCapable));
        assert_eq!(Parts::of(&"x".repeat(256)), Err(Errno::NameTooLong));
    }

    #[test]
    fn only_names_are_entries() {
        assert_eq!(
            Parts::of("a/b").unwrap().entry(),
            Ok((["a"].as_slice(), "b"))
        );
        for path in [".", "..", "a/.."] {
            assert_eq!(
                Parts::of(path).unwrap().entry(),
                Err(Errno::Invalid),
                "{path}"
            );
        }
    }
}
