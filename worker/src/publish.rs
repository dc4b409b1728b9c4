//! Publication of results: where a bundle is put, and what the chain is told about it.

use crate::{config::ConfigError, executor::OutputFile, task::TaskId};
use codec::Encode;
use ergon_client::{
    Bundle, BundleError,
    primitives::{InlineResult, MAX_INLINE_RESULT, MAX_RESULT_LOCATOR, ResultLocator},
};
use sp_core::H256;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Digits of the deal's id in a file's name. With 80 bits nobody can make a deal that overwrites
/// another one's results, and the locator leaves room for a long path.
const DEAL_DIGITS: usize = 20;
/// Longest file name: digits, a dash, the largest index, the ending.
const LONGEST_NAME: usize = DEAL_DIGITS + 1 + 10 + ".bundle".len();

/// Why a result cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The outputs cannot be packed.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The outputs are not those that the execution reported.
    #[error(
        "the outputs were changed after the execution; look for who else writes to the worker's folder"
    )]
    Changed,
    /// A file cannot be written.
    #[error("cannot write {}: {reason}; check disk space and permissions", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
}

/// Where results are published.
#[derive(Clone, Debug)]
pub struct Publication {
    folder: PathBuf,
    /// What comes before the file name in a locator.
    base: String,
}

impl Publication {
    /// Publishes in a folder, whose files can be downloaded below `url` if there is one.
    pub fn new(folder: PathBuf, url: Option<&str>) -> Result<Self, ConfigError> {
        let (field, base) = match url {
            Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
                ("output_url", url.trim_end_matches('/').to_owned())
            }
            Some(url) => {
                let reason = "it must begin with https:// or http://";
                return Err(ConfigError::bad("output_url", url, reason));
            }
            None => ("output_dir", format!("file://{}", escape(&folder))),
        };
        let most = MAX_RESULT_LOCATOR as usize - LONGEST_NAME - 1;
        if base.len() > most {
            let reason = format!(
                "locators of results may be {MAX_RESULT_LOCATOR} bytes long, so `{base}` may be \
                 {most}; set `output_dir` to a shorter path, or a short `output_url`"
            );
            return Err(ConfigError::bad(field, &base, reason));
        }
        Ok(Self { folder, base })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of a task's result.
    pub fn bundle(&self, task: TaskId) -> PathBuf {
        self.folder.join(format!("{}.bundle", stem(task)))
    }

    /// The file of what a task's program wrote to stdout and stderr.
    pub fn log(&self, task: TaskId) -> PathBuf {
        self.folder.join(format!("{}.log", stem(task)))
    }

    /// What the chain is told: where the result can be fetched.
    pub fn locator(&self, task: TaskId) -> ResultLocator {
        let locator = format!("{}/{}.bundle", self.base, stem(task));
        // Never too long: that was checked for the longest name.
        ResultLocator::truncate_from(locator.into_bytes())
    }

    /// Packs the outputs in `folder` and puts the bundle to its place in one step. Returns what the
    /// reveal carries of them: a lone small file whole, otherwise nothing.
    pub fn publish(
        &self,
        task: TaskId,
        folder: &Path,
        outputs: &[OutputFile],
        root: H256,
    ) -> Result<InlineResult, PublishError> {
        let bundle = Bundle::pack(folder, outputs.iter().map(|file| file.path.as_str()))?;
        if bundle.root() != root {
            return Err(PublishError::Changed);
        }
        write_whole(&self.bundle(task), &bundle.encode())?;
        Ok(inline(&bundle))
    }

    /// Keeps what a task's program wrote, for whoever looks for its fault.
    pub fn keep_log(&self, task: TaskId, stdout: &[u8], stderr: &[u8]) -> Result<(), PublishError> {
        let parts: [&[u8]; 4] = [b"--- stdout ---\n", stdout, b"\n--- stderr ---\n", stderr];
        write_whole(&self.log(task), &parts.concat())
    }

    /// Removes a task's files.
    pub fn remove(&self, task: TaskId) {
        for path in [self.bundle(task), self.log(task)] {
            match fs::remove_file(&path) {
                Err(reason) if reason.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(path = %path.display(), %reason, "cannot remove an old result");
                }
                _ => {}
            }
        }
    }
}

fn stem(task: TaskId) -> String {
    let digits: String = hex::encode(task.deal.0).chars().take(DEAL_DIGITS).collect();
    format!("{digits}-{}", task.index)
}

/// The content of a lone small file.
fn inline(bundle: &Bundle) -> InlineResult {
    match bundle.files() {
        [file] if file.content.len() <= MAX_INLINE_RESULT as usize => {
            InlineResult::truncate_from(file.content.clone())
        }
        _ => InlineResult::default(),
    }
}

/// A path as a part of a URL.
fn escape(path: &Path) -> String {
    let mut text = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'~' | b'-' => {
                text.push(char::from(*byte));
            }
            byte => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// Writes a file that is there whole or not at all, also after a power cut.
fn write_whole(path: &Path, content: &[u8]) -> Result<(), PublishError> {
    let unfinished = path.with_extension("unfinished");
    let write = || {
        let mut file = File::create(&unfinished)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)
    };
    write().map_err(|reason| PublishError::File {
        path: path.into(),
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::{fetch, primitives::DealId};

    fn task(index: u32) -> TaskId {
        TaskId {
            deal: DealId(H256::repeat_byte(0xab)),
            index,
        }
    }

    fn outputs(folder: &Path, files: &[(&str, &[u8])]) -> (Vec<OutputFile>, H256) {
        fs::create_dir_all(folder).unwrap();
        for (path, content) in files {
            fs::write(folder.join(path), content).unwrap();
        }
        let bundle = Bundle::pack(folder, files.iter().map(|(path, _)| *path)).unwrap();
        let list = bundle.manifest().into_iter().map(|file| OutputFile {
            path: file.path,
            size: file.size,
            digest: file.digest.0,
        });
        (list.collect(), bundle.root())
    }

    #[test]
    fn published_bundle_can_be_fetched_by_its_locator() {
        let home = tempfile::tempdir().unwrap();
        let publication = Publication::new(home.path().join("my results"), None).unwrap();
        fs::create_dir(publication.folder()).unwrap();
        let folder = home.path().join("outputs");
        let (list, root) = outputs(&folder, &[("a", b"1"), ("b", b"2")]);
        let inline = publication.publish(task(7), &folder, &list, root).unwrap();
        assert!(inline.is_empty());

        let locator = String::from_utf8(publication.locator(task(7)).into_inner()).unwrap();
        assert!(locator.contains("my%20results"), "{locator}");
        let copy = home.path().join("copy");
        fetch(&locator, 1_000, &copy).unwrap();
        let bundle = Bundle::decode(&fs::read(copy).unwrap(), 1_000).unwrap();
        assert_eq!(bundle.root(), root);
    }

    #[test]
    fn lone_small_file_is_shown_inline() {
        let home = tempfile::tempdir().unwrap();
        let publication = Publication::new(home.path().into(), None).unwrap();
        let folder = home.path().join("outputs");
        let (list, root) = outputs(&folder, &[("answer", b"42")]);
        let inline = publication.publish(task(0), &folder, &list, root).unwrap();
        assert_eq!(inline.into_inner(), b"42");
        let (list, root) = outputs(&folder, &[("answer", &[0; 257])]);
        let inline = publication.publish(task(0), &folder, &list, root).unwrap();
        assert!(inline.is_empty());
    }

    #[test]
    fn changed_outputs_are_not_published() {
        let home = tempfile::tempdir().unwrap();
        let publication = Publication::new(home.path().into(), None).unwrap();
        let folder = home.path().join("outputs");
        let (list, root) = outputs(&folder, &[("answer", b"42")]);
        fs::write(folder.join("answer"), b"43").unwrap();
        let result = publication.publish(task(0), &folder, &list, root);
        assert!(matches!(result, Err(PublishError::Changed)));
        assert!(!publication.bundle(task(0)).exists());
    }

    #[test]
    fn longest_locator_fits_and_a_longer_one_is_refused_at_start() {
        let most = MAX_RESULT_LOCATOR as usize - LONGEST_NAME - 1;
        let url = format!("https://{}", "x".repeat(most - 8));
        let publication = Publication::new("/out".into(), Some(&url)).unwrap();
        let locator = publication.locator(task(u32::MAX));
        assert_eq!(locator.len(), MAX_RESULT_LOCATOR as usize);
        assert!(locator.ends_with(b"-4294967295.bundle"));
        let error = Publication::new("/out".into(), Some(&format!("{url}x"))).unwrap_err();
        assert!(error.to_string().contains("output_url"), "{error}");
        let deep = PathBuf::from(format!("/{}", "x".repeat(128)));
        let error = Publication::new(deep, None).unwrap_err().to_string();
        assert!(
            error.contains("`output_dir`") && error.contains("shorter"),
            "{error}"
        );
    }

    #[test]
    fn slash_at_the_end_of_the_address_does_not_matter() {
        let one = Publication::new("/out".into(), Some("https://host/x")).unwrap();
        let other = Publication::new("/out".into(), Some("https://host/x/")).unwrap();
        assert_eq!(one.locator(task(1)), other.locator(task(1)));
    }

    #[test]
    fn logs_are_kept_and_removed_with_the_result() {
        let home = tempfile::tempdir().unwrap();
        let publication = Publication::new(home.path().into(), None).unwrap();
        publication.keep_log(task(0), b"out", b"err").unwrap();
        let text = fs::read_to_string(publication.log(task(0))).unwrap();
        assert_eq!(text, "--- stdout ---\nout\n--- stderr ---\nerr");
        publication.remove(task(0));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
        publication.remove(task(0));
    }
}
