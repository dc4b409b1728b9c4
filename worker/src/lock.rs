//! One process per worker folder.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Seek, Write},
    path::Path,
};

/// Name of the lock file.
const FILE_NAME: &str = "lock";

/// Why the folder cannot be locked.
#[derive(Debug)]
pub enum LockError {
    /// Another process has it.
    InUse(String),
    /// The lock file cannot be opened.
    Io(io::Error),
}

/// The right to use a folder. It ends with the process, however that ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a folder, which is made if need be.
    pub fn take(folder: &Path) -> Result<Self, LockError> {
        fs::create_dir_all(folder).map_err(LockError::Io)?;
        let path = folder.join(FILE_NAME);
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(LockError::Io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::InUse(holder(&mut file))),
            Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
        }
        write_holder(&mut file).map_err(LockError::Io)?;
        Ok(Self { _file: file })
    }
}

fn write_holder(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.read_to_string(&mut text) {
        Ok(_) if !text.trim().is_empty() => text.trim().into(),
        _ => "of unknown number".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_has_one_user_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path()).unwrap();
        match Lock::take(folder.path()) {
            Err(LockError::InUse(holder)) => assert_eq!(holder, std::process::id().to_string()),
            other => panic!("the lock was given twice: {other:?}"),
        }
        drop(lock);
        Lock::take(folder.path()).unwrap();
    }
}
