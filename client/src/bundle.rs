//! The file in which a worker publishes a task's outputs.

use crate::task_spec::{clash, is_plain_path};
use codec::{Compact, Decode, Encode};
use ergon_primitives::{OutputFile, output_root};
use sp_core::H256;
use sp_io::hashing::blake2_256;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Largest bundle, in bytes: more than any category lets a task write, with room for names.
pub const MAX_BUNDLE_BYTES: u64 = 1 << 30;
/// Most files in a bundle.
pub const MAX_BUNDLE_FILES: usize = 65_536;

/// Why a bundle is not valid.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file is longer than allowed.
    #[error("the result is {size} bytes long where at most {limit} are allowed")]
    TooLong {
        /// Its size in bytes.
        size: u64,
        /// The largest size that is allowed, in bytes.
        limit: u64,
    },
    /// The bytes are no bundle.
    #[error("the result is no bundle: {0}")]
    NotReadable(String),
    /// There are too many files in it.
    #[error("the result has {0} files where at most {limit} are allowed", limit = MAX_BUNDLE_FILES)]
    TooManyFiles(usize),
    /// A path would leave the folder that the bundle is unpacked to.
    #[error("the result has a file with the unsafe path `{0}`; nothing was unpacked")]
    BadPath(String),
    /// Two files are in each other's way.
    #[error("the result's files `{0}` and `{1}` cannot both exist; nothing was unpacked")]
    Clash(String, String),
    /// A file cannot be read or written.
    #[error("cannot {action} {}: {reason}", .path.display())]
    File {
        /// What was tried: `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        reason: io::Error,
    },
}

/// A file in a bundle.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Encode, Decode)]
pub struct BundleFile {
    /// Path below the output folder, with `/` between its parts.
    pub path: String,
    /// The content.
    pub content: Vec<u8>,
}

/// The outputs of a task.
#[derive(Clone, PartialEq, Eq, Debug, Default, Encode)]
pub struct Bundle {
    /// The files, sorted by path.
    files: Vec<BundleFile>,
}

impl Bundle {
    /// A bundle of these files, in any order.
    pub fn new(mut files: Vec<BundleFile>) -> Result<Self, BundleError> {
        files.sort();
        let bundle = Self { files };
        bundle.check()?;
        Ok(bundle)
    }

    /// A bundle of the files below a folder that have these paths.
    pub fn pack<'a>(
        folder: &Path,
        paths: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, BundleError> {
        let file = |path: &str| {
            if !is_plain_path(path) {
                return Err(BundleError::BadPath(path.into()));
            }
            let source = folder.join(path);
            let content = fs::read(&source).map_err(|reason| BundleError::File {
                action: "read",
                path: source,
                reason,
            })?;
            Ok(BundleFile {
                path: path.into(),
                content,
            })
        };
        Self::new(paths.into_iter().map(file).collect::<Result<_, _>>()?)
    }

    /// The files, sorted by path.
    pub fn files(&self) -> &[BundleFile] {
        &self.files
    }

    /// The files without their contents.
    pub fn manifest(&self) -> Vec<OutputFile> {
        self.files
            .iter()
            .map(|file| OutputFile {
                path: file.path.clone(),
                size: file.content.len() as u64,
                digest: H256(blake2_256(&file.content)),
            })
            .collect()
    }

    /// The root that a vote for these outputs carries.
    pub fn root(&self) -> H256 {
        output_root(self.manifest())
    }

    /// Reads a bundle of at most `limit` bytes, all of them. What is in it is checked like
    /// something that an enemy made.
    pub fn decode(mut bytes: &[u8], limit: u64) -> Result<Self, BundleError> {
        let size = bytes.len() as u64;
        let limit = limit.min(MAX_BUNDLE_BYTES);
        if size > limit {
            return Err(BundleError::TooLong { size, limit });
        }
        let unreadable = |error: codec::Error| BundleError::NotReadable(error.to_string());
        let Compact(count) = Compact::<u32>::decode(&mut bytes).map_err(unreadable)?;
        let count = count as usize;
        if count > MAX_BUNDLE_FILES {
            return Err(BundleError::TooManyFiles(count));
        }
        let mut files = Vec::new();
        for _ in 0..count {
            files.push(BundleFile::decode(&mut bytes).map_err(unreadable)?);
        }
        if !bytes.is_empty() {
            let left = format!("{} bytes are left over", bytes.len());
            return Err(BundleError::NotReadable(left));
        }
        if !files.is_sorted() {
            return Err(BundleError::NotReadable("its files are not sorted".into()));
        }
        let bundle = Self { files };
        bundle.check()?;
        Ok(bundle)
    }

    /// Writes the files below a folder, which is made if need be. Files that are there are
    /// replaced.
    pub fn unpack(&self, folder: &Path) -> Result<(), BundleError> {
        self.check()?;
        for file in &self.files {
            let target = folder.join(&file.path);
            let above = target.parent().unwrap_or(folder);
            refuse_links(folder, &file.path)
                .and_then(|()| fs::create_dir_all(above))
                .and_then(|()| fs::write(&target, &file.content))
                .map_err(|reason| BundleError::File {
                    action: "write",
                    path: target,
                    reason,
                })?;
        }
        Ok(())
    }

    fn check(&self) -> Result<(), BundleError> {
        if self.files.len() > MAX_BUNDLE_FILES {
            return Err(BundleError::TooManyFiles(self.files.len()));
        }
        if let Some(file) = self.files.iter().find(|file| !is_plain_path(&file.path)) {
            return Err(BundleError::BadPath(file.path.clone()));
        }
        match clash(self.files.iter().map(|file| file.path.as_str())) {
            Some((one, other)) => Err(BundleError::Clash(one.into(), other.into())),
            None => Ok(()),
        }
    }
}

/// Refuses to write through a symbolic link that stands in the folder already: it could lead out of
/// it.
fn refuse_links(folder: &Path, path: &str) -> io::Result<()> {
    let mut place = folder.to_owned();
    for part in path.split('/') {
        place.push(part);
        match fs::symlink_metadata(&place) {
            Ok(metadata) if metadata.is_symlink() => {
                let reason = format!("{} is a symbolic link", place.display());
                return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, content: &[u8]) -> BundleFile {
        BundleFile {
            path: path.into(),
            content: content.into(),
        }
    }

    fn bundle() -> Bundle {
        Bundle::new(vec![file("b/c.txt", b"see"), file("a", b"")]).unwrap()
    }

    #[test]
    fn survives_encoding() {
        assert_eq!(Bundle::decode(&bundle().encode(), 1_000).unwrap(), bundle());
        let empty = Bundle::default();
        assert_eq!(Bundle::decode(&empty.encode(), 1).unwrap(), empty);
    }

    #[test]
    fn the_root_is_that_of_the_vote_and_does_not_depend_on_the_order() {
        let manifest = vec![
            OutputFile {
                path: "b/c.txt".into(),
                size: 3,
                digest: H256(blake2_256(b"see")),
            },
            OutputFile {
                path: "a".into(),
                size: 0,
                digest: H256(blake2_256(b"")),
            },
        ];
        assert_eq!(bundle().root(), output_root(manifest));
        let other = Bundle::new(vec![file("a", b""), file("b/c.txt", b"sea")]).unwrap();
        assert_ne!(bundle().root(), other.root());
    }

    #[test]
    fn packs_and_unpacks_folders() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        bundle().unpack(from.path()).unwrap();
        let packed = Bundle::pack(from.path(), ["a", "b/c.txt"]).unwrap();
        assert_eq!(packed, bundle());
        packed.unpack(&to.path().join("new/folder")).unwrap();
        assert_eq!(
            fs::read(to.path().join("new/folder/b/c.txt")).unwrap(),
            b"see"
        );
        let missing = Bundle::pack(from.path(), ["nothing"]);
        assert!(matches!(
            missing,
            Err(BundleError::File { action: "read", .. })
        ));
    }

    #[test]
    fn paths_that_leave_the_folder_are_refused_everywhere() {
        let dir = tempfile::tempdir().unwrap();
        for path in ["../evil", "/etc/passwd", "a/../../evil", "", "a//b", "a\0"] {
            let evil = Bundle {
                files: vec![file(path, b"x")],
            };
            let error = Bundle::decode(&evil.encode(), 1_000).unwrap_err();
            assert!(matches!(error, BundleError::BadPath(_)), "{path}");
            assert!(
                matches!(evil.unpack(dir.path()), Err(BundleError::BadPath(_))),
                "{path}"
            );
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn files_in_each_others_way_are_refused() {
        for files in [
            [file("a", b"1"), file("a", b"2")],
            [file("a", b"1"), file("a/b", b"2")],
        ] {
            let evil = Bundle {
                files: files.to_vec(),
            };
            let error = Bundle::decode(&evil.encode(), 1_000).unwrap_err();
            assert!(matches!(error, BundleError::Clash(..)));
        }
    }

    #[test]
    fn links_in_the_folder_are_not_followed() {
        let (dir, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), dir.path().join("b")).unwrap();
        assert!(matches!(
            bundle().unpack(dir.path()),
            Err(BundleError::File { .. })
        ));
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }

    #[test]
    fn sizes_are_bounded() {
        let bytes = bundle().encode();
        let length = bytes.len() as u64;
        assert!(Bundle::decode(&bytes, length).is_ok());
        assert!(matches!(
            Bundle::decode(&bytes, length - 1),
            Err(BundleError::TooLong { size, limit }) if size == length && limit == length - 1
        ));
        let many = Compact(u32::MAX).encode();
        assert!(matches!(
            Bundle::decode(&many, 1_000),
            Err(BundleError::TooManyFiles(_))
        ));
    }

    #[test]
    fn garbage_is_refused() {
        let mut long = bundle().encode();
        long.push(0);
        let unsorted = Bundle {
            files: vec![file("b", b""), file("a", b"")],
        }
        .encode();
        // A file that claims a content of a gigabyte.
        let boastful = [vec![4, 4, b'a'], Compact(1u32 << 30).encode()].concat();
        for bytes in [vec![], vec![4], long, unsorted, boastful] {
            let error = Bundle::decode(&bytes, 1_000).unwrap_err();
            assert!(matches!(error, BundleError::NotReadable(_)), "{error}");
        }
    }
}
