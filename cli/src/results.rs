//! Results: fetched, verified against what the workers agreed upon, and unpacked.

use crate::{CliError, files, text::Hex};
use ergon_client::{
    Bundle, BundleFile, MAX_BUNDLE_BYTES,
    primitives::{FaultKind, Outcome, ResultLocator, Task, TaskIndex, TaskStatus},
};
use sp_core::H256;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Room for names in a bundle, beside the outputs that a category allows: 16 MiB.
const ROOM_FOR_NAMES: u64 = 16 << 20;

/// Why a task was cancelled. Its record does not say more.
pub const CANCELLED: &str = "the payer cancelled it before anybody voted, or governance revoked the \
                             app as harmful";

/// A result that can be fetched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Available {
    /// The task.
    pub index: TaskIndex,
    /// Root of its outputs.
    pub root: H256,
    /// Where the first worker put them.
    pub locator: ResultLocator,
}

impl Available {
    /// The result of a task, or why it has none.
    pub fn of(index: TaskIndex, task: Option<&Task>) -> Result<Self, CliError> {
        let reason = match task.map(|task| &task.status) {
            Some(TaskStatus::Settled {
                outcome: Outcome::Success(root),
                locator,
                ..
            }) => {
                return Ok(Self {
                    index,
                    root: *root,
                    locator: locator.clone(),
                });
            }
            Some(TaskStatus::Settled { outcome, .. }) => outcome_text(outcome),
            Some(TaskStatus::Failed { .. }) => "the workers came to no agreement in time".into(),
            Some(TaskStatus::Cancelled { .. }) => CANCELLED.into(),
            Some(
                TaskStatus::Active | TaskStatus::Revealing { .. } | TaskStatus::Opening { .. },
            )
            | None => "it has not ended yet".into(),
        };
        Err(CliError::NoResult { index, reason })
    }

    /// Puts the outputs into the folder `out/INDEX`, unless they are there already, and returns
    /// their paths. `output_limit` is what the category allows, in bytes.
    pub async fn fetch(&self, out: &Path, output_limit: u64) -> Result<Vec<PathBuf>, CliError> {
        let folder = out.join(self.index.to_string());
        if folder.exists() {
            return self.check_present(&folder);
        }
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |reason| CliError::File {
                action: "create",
                path,
                reason,
            }
        };
        fs::create_dir_all(out).map_err(failed(out))?;
        let limit = output_limit
            .saturating_add(ROOM_FOR_NAMES)
            .min(MAX_BUNDLE_BYTES);
        let file = out.join(format!(".{}.bundle", self.index));
        let locator = String::from_utf8_lossy(&self.locator).into_owned();
        files::download(&locator, limit, &file).await?;
        let bundle = read_bundle(&file, limit);
        // The bundle is only a means: what is in it will be in the folder.
        let removed = fs::remove_file(&file).map_err(failed(&file));
        let bundle = bundle?;
        removed?;
        self.check(bundle.root())?;

        let part = out.join(format!(".{}.part", self.index));
        remove_folder(&part)?;
        fs::create_dir_all(&part).map_err(failed(&part))?;
        bundle.unpack(&part)?;
        fs::rename(&part, &folder).map_err(failed(&folder))?;
        Ok(paths(&folder, bundle.files()))
    }

    /// Makes sure that this is the root which the workers agreed upon.
    pub fn check(&self, found: H256) -> Result<(), CliError> {
        if found == self.root {
            return Ok(());
        }
        let (index, expected, found) = (self.index, Hex(self.root), Hex(found));
        Err(CliError::NotGenuine(format!(
            "this is not the result of task {index}: its root is {found}, and the workers agreed \
             upon {expected}"
        )))
    }

    /// The paths of outputs that are there already.
    fn check_present(&self, folder: &Path) -> Result<Vec<PathBuf>, CliError> {
        let bundle = pack(folder)?;
        self.check(bundle.root()).map_err(|_| {
            CliError::NotGenuine(format!(
                "{} holds something else than the result of task {}: move it away or choose another \
                 `--out`",
                folder.display(),
                self.index
            ))
        })?;
        Ok(paths(folder, bundle.files()))
    }
}

/// What came of a task, in one word.
pub fn outcome_name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Success(_) => "success",
        Outcome::AppFault(_) => "app-fault",
        Outcome::Unavailable => "unavailable",
    }
}

/// What came of a task, in a sentence.
pub fn outcome_text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Success(root) => format!("success, with the output root {}", Hex(*root)),
        Outcome::AppFault(fault) => match fault {
            FaultKind::Exit(code) => format!("the app ended with the exit code {code}"),
            FaultKind::Trap => "the app trapped".into(),
            FaultKind::FuelExhausted => "the app used up the time of its category".into(),
            FaultKind::OutputLimit => "the app wrote more than its category allows".into(),
            FaultKind::InvalidModule => "the app is no module that can be run".into(),
        },
        Outcome::Unavailable => "module or inputs could not be fetched or verified".into(),
    }
}

/// The root of what is at a path: a result file, or a folder of outputs.
pub fn root_at(path: &Path) -> Result<H256, CliError> {
    if path.is_dir() {
        Ok(pack(path)?.root())
    } else {
        Ok(read_bundle(path, MAX_BUNDLE_BYTES)?.root())
    }
}

fn read_bundle(path: &Path, limit: u64) -> Result<Bundle, CliError> {
    let failed = |reason| CliError::File {
        action: "read",
        path: path.into(),
        reason,
    };
    let bytes = fs::read(path).map_err(failed)?;
    Ok(Bundle::decode(&bytes, limit)?)
}

/// The files of a folder as a bundle.
fn pack(folder: &Path) -> Result<Bundle, CliError> {
    let mut names = Vec::new();
    list(folder, "", &mut names).map_err(|reason| CliError::File {
        action: "read",
        path: folder.into(),
        reason,
    })?;
    Ok(Bundle::pack(folder, names.iter().map(String::as_str))?)
}

/// Adds the files of a folder, each with its path below the outermost one. Folders that have no files
/// are no part of a result.
fn list(folder: &Path, above: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().ok_or(io::ErrorKind::InvalidFilename)?;
        let path = format!("{above}{name}");
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{path}/"), names)?;
        } else {
            names.push(path);
        }
    }
    Ok(())
}

fn remove_folder(path: &Path) -> Result<(), CliError> {
    match fs::remove_dir_all(path) {
        Err(reason) if reason.kind() != io::ErrorKind::NotFound => Err(CliError::File {
            action: "remove",
            path: path.into(),
            reason,
        }),
        _ => Ok(()),
    }
}

fn paths(folder: &Path, files: &[BundleFile]) -> Vec<PathBuf> {
    files.iter().map(|file| folder.join(&file.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Encode;

    /// A published result, and the folder that it is in.
    fn published() -> (tempfile::TempDir, Available) {
        let folder = tempfile::tempdir().unwrap();
        let file = |path: &str| BundleFile {
            path: path.into(),
            content: path.into(),
        };
        let bundle = Bundle::new(vec![file("tile.ppm"), file("log/a.txt")]).unwrap();
        let path = folder.path().join("3.bundle");
        fs::write(&path, bundle.encode()).unwrap();
        let locator = files::file_locator(&path)
            .unwrap()
            .into_bytes()
            .try_into()
            .unwrap();
        (
            folder,
            Available {
                index: 3,
                root: bundle.root(),
                locator,
            },
        )
    }

    #[tokio::test]
    async fn a_result_is_fetched_verified_and_unpacked() {
        let (folder, result) = published();
        let out = folder.path().join("out");
        let files = result.fetch(&out, 1_000).await.unwrap();
        assert_eq!(files, [out.join("3/log/a.txt"), out.join("3/tile.ppm")]);
        assert_eq!(
            fs::read_to_string(out.join("3/tile.ppm")).unwrap(),
            "tile.ppm"
        );
        let left: Vec<_> = fs::read_dir(&out).unwrap().collect();
        assert_eq!(left.len(), 1, "nothing else is left");
        assert_eq!(root_at(&out.join("3")).unwrap(), result.root);
        assert_eq!(
            root_at(&folder.path().join("3.bundle")).unwrap(),
            result.root
        );
    }

    #[tokio::test]
    async fn what_is_there_already_is_not_fetched_again() {
        let (folder, result) = published();
        let out = folder.path().join("out");
        let files = result.fetch(&out, 1_000).await.unwrap();
        fs::remove_file(folder.path().join("3.bundle")).unwrap();
        assert_eq!(result.fetch(&out, 1_000).await.unwrap(), files);
    }

    #[tokio::test]
    async fn what_was_changed_is_noticed_and_kept() {
        let (folder, result) = published();
        let out = folder.path().join("out");
        result.fetch(&out, 1_000).await.unwrap();
        fs::write(out.join("3/tile.ppm"), "mine").unwrap();
        let error = result.fetch(&out, 1_000).await.unwrap_err();
        assert_eq!(error.explain().status.code(), 9);
        assert_eq!(fs::read_to_string(out.join("3/tile.ppm")).unwrap(), "mine");
    }

    #[tokio::test]
    async fn a_forged_result_is_refused_and_not_unpacked() {
        let (folder, result) = published();
        let out = folder.path().join("out");
        let forged = Available {
            root: H256::repeat_byte(1),
            ..result
        };
        let error = forged.fetch(&out, 1_000).await.unwrap_err();
        assert_eq!(error.explain().code, "verification-failed");
        assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_missing_result_is_reported() {
        let (folder, result) = published();
        fs::remove_file(folder.path().join("3.bundle")).unwrap();
        let error = result
            .fetch(&folder.path().join("out"), 1_000)
            .await
            .unwrap_err();
        assert_eq!(error.explain().code, "file-missing");
    }

    #[test]
    fn tasks_without_success_have_no_result() {
        let settled = |outcome| Task {
            status: TaskStatus::Settled {
                outcome,
                locator: Default::default(),
                at: 1,
            },
            ..Task::default()
        };
        let reason = |task: Option<&Task>| Available::of(0, task).unwrap_err().to_string();
        let fault = settled(Outcome::AppFault(FaultKind::Exit(3)));
        assert!(reason(Some(&fault)).contains("exit code 3"));
        assert!(reason(None).contains("not ended"));
        let success = settled(Outcome::Success(H256::repeat_byte(1)));
        assert_eq!(
            Available::of(0, Some(&success)).unwrap().root,
            H256::repeat_byte(1)
        );
    }
}
