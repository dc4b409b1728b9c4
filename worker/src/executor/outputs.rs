//! Output files on their way from the app's memory to the worker's folder: written by the child,
//! checked by the parent, moved in one step.

use super::{OutputFile, digest};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Writes the files of a finished app into an empty folder and lists them.
pub fn write(folder: &Path, files: &[(String, &[u8])]) -> io::Result<Vec<OutputFile>> {
    files
        .iter()
        .map(|(path, content)| write_one(folder, path, content))
        .collect()
}

fn write_one(folder: &Path, path: &str, content: &[u8]) -> io::Result<OutputFile> {
    let place = folder.join(path);
    if let Some(parent) = place.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(place, content)?;
    Ok(OutputFile {
        path: path.into(),
        size: content.len() as u64,
        digest: digest(content),
    })
}

/// What really is in a folder, sorted by path. Refuses anything but plain files and folders, and
/// stops before it reads more than `most_bytes`, or lists more than `most_entries`, in all.
pub fn survey(folder: &Path, most_bytes: u64, most_entries: u32) -> io::Result<Vec<OutputFile>> {
    let mut found = Vec::new();
    let (mut left, mut entries_left) = (most_bytes, most_entries);
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let (path, kind) = (below.join(entry.file_name()), entry.file_type()?);
            entries_left = entries_left
                .checked_sub(1)
                .ok_or_else(|| refuse(&path, "is one more than allowed"))?;
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                found.push(survey_one(folder, &path, &mut left)?);
            } else {
                return Err(refuse(&path, "is neither a file nor a folder"));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn survey_one(folder: &Path, path: &Path, left: &mut u64) -> io::Result<OutputFile> {
    let place = folder.join(path);
    let size = fs::metadata(&place)?.len();
    *left = left
        .checked_sub(size)
        .ok_or_else(|| refuse(path, "is larger than allowed"))?;
    let content = fs::read(&place)?;
    let name = path
        .to_str()
        .ok_or_else(|| refuse(path, "has a name that is no UTF-8"))?;
    Ok(OutputFile {
        path: name.into(),
        size: content.len() as u64,
        digest: digest(&content),
    })
}

fn refuse(path: &Path, why: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the output {} {why}", path.display()),
    )
}

/// Moves a folder of checked outputs to its place, instead of an earlier one.
pub fn adopt(from: &Path, to: &Path) -> io::Result<()> {
    match fs::remove_dir_all(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::rename(from, to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<(String, &'static [u8])> {
        vec![
            ("a/b/c".into(), b"deep".as_slice()),
            ("d".into(), b"".as_slice()),
        ]
    }

    #[test]
    fn survey_finds_what_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let written = write(folder.path(), &files()).unwrap();
        assert_eq!(survey(folder.path(), 4, 4).unwrap(), written);
        assert_eq!(written[0].digest, digest(b"deep"));
    }

    #[test]
    fn survey_refuses_more_than_allowed_and_links() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &files()).unwrap();
        assert!(survey(folder.path(), 3, 4).is_err());
        assert!(survey(folder.path(), 4, 3).is_err());
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link")).unwrap();
        assert!(survey(folder.path(), 1_000_000, 1_000).is_err());
    }

    #[test]
    fn adopting_replaces_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        for content in ["first", "second"] {
            fs::create_dir(&from).unwrap();
            fs::write(from.join(content), content).unwrap();
            adopt(&from, &to).unwrap();
        }
        assert!(!from.exists());
        assert_eq!(survey(&to, 100, 1).unwrap()[0].path, "second");
    }
}
