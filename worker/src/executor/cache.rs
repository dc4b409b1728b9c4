//! Compiled modules, kept so that an app starts in milliseconds the second time.
//!
//! An entry is named after the module's digest, the execution version and the engine's
//! configuration and target; it starts with the digest of what follows, so that a damaged entry is
//! compiled anew and never run. Entries appear whole, by renaming. Apps cannot write here: they
//! have no file system. All entries together stay below a size, so that many apps cannot fill the
//! disk; what has not been used for longest goes first.

use super::{digest, wire::shorten};
use ergon_primitives::EXECUTION_VERSION_1;
use std::{
    fs::{self, File, FileTimes, TryLockError},
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
    time::SystemTime,
};
use wasmtime::{Engine, Module};

/// Largest compiled module that is kept, in bytes.
const MAX_ARTIFACT: usize = 512 << 20;
/// Largest sum of all entries, in bytes.
const MAX_CACHE: u64 = 4 << 30;
/// Ending of the names of entries.
const ENTRY: &str = "cwasm";
/// Ending of the names of entries that are being written.
const UNFINISHED: &str = "tmp";
/// How a WebAssembly module of version 1 begins. Texts, components and compiled modules are no
/// modules to us, whichever features the engine was built with.
const MAGIC: &[u8] = b"\0asm\x01\0\0\0";

/// Why there is no module to run.
#[derive(Debug)]
pub enum ModuleError {
    /// The bytes are no module of this execution version: everybody sees the same.
    Invalid(String),
    /// The engine cannot compile a valid module on this machine, or cannot load what it compiled:
    /// limits of the compiler differ by processor.
    Host(String),
}

/// The module compiled from `wasm`: from the folder of compiled modules if it is there, otherwise
/// compiled and put there.
pub fn load(engine: &Engine, wasm: &[u8], folder: &Path) -> Result<Module, ModuleError> {
    if !wasm.starts_with(MAGIC) {
        return Err(ModuleError::Invalid(
            "it is not a WebAssembly binary".into(),
        ));
    }
    let entry = folder.join(name(engine, wasm));
    if let Some(module) = read(engine, &entry) {
        return Ok(module);
    }
    Module::validate(engine, wasm)
        .map_err(|error| ModuleError::Invalid(shorten(format!("{error:#}"))))?;
    let artifact = engine
        .precompile_module(wasm)
        .map_err(|error| ModuleError::Host(shorten(format!("{error:#}"))))?;
    if let Err(error) = keep(&entry, &artifact).and_then(|()| make_room(folder, &entry, MAX_CACHE))
    {
        eprintln!(
            "the compiled module cannot be kept at {}: {error}",
            entry.display()
        );
    }
    revive(engine, &artifact).map_err(|error| ModuleError::Host(shorten(format!("{error:#}"))))
}

fn name(engine: &Engine, wasm: &[u8]) -> String {
    let mut configuration = DefaultHasher::new();
    engine
        .precompile_compatibility_hash()
        .hash(&mut configuration);
    let module = hex::encode(digest(wasm));
    format!(
        "{module}-v{EXECUTION_VERSION_1}-{:016x}.{ENTRY}",
        configuration.finish()
    )
}

/// The module of an entry that is whole and of this engine.
fn read(engine: &Engine, entry: &Path) -> Option<Module> {
    let bytes = fs::read(entry).ok()?;
    let (expected, artifact) = bytes.split_first_chunk::<32>()?;
    if digest(artifact) != *expected {
        return None;
    }
    let module = revive(engine, artifact).ok()?;
    mark_used(entry);
    Some(module)
}

/// Remembers that an entry is in use, so that others are removed before it. An entry that cannot
/// be marked is only removed earlier.
fn mark_used(entry: &Path) {
    let now = FileTimes::new().set_accessed(SystemTime::now());
    let _ = File::open(entry).and_then(|file| file.set_times(now));
}

#[allow(unsafe_code, reason = "compiled code is loaded as it is")]
fn revive(engine: &Engine, artifact: &[u8]) -> wasmtime::Result<Module> {
    // SAFETY: the bytes were made by `precompile_module`, in this process or in an earlier one of
    // this worker, whose folder nobody else may write; their digest has been checked. The engine
    // itself refuses those of another version or configuration.
    unsafe { Module::deserialize(engine, artifact) }
}

/// Puts an entry into its place in one step.
fn keep(entry: &Path, artifact: &[u8]) -> io::Result<()> {
    if artifact.len() > MAX_ARTIFACT {
        return Err(io::Error::other("it is larger than 512 MiB"));
    }
    if let Some(folder) = entry.parent() {
        fs::create_dir_all(folder)?;
        sweep(folder)?;
    }
    let unfinished = unfinished(entry);
    let written = write(&unfinished, artifact).and_then(|_locked| fs::rename(&unfinished, entry));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished); // it may not exist
    }
    written
}

/// Writes an entry's file. Its lock lasts as long as the answer and says that somebody is at it.
fn write(unfinished: &Path, artifact: &[u8]) -> io::Result<File> {
    let mut file = File::create(unfinished)?;
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        return Err(io::Error::other("another process is removing it"));
    }
    file.write_all(&digest(artifact))?;
    file.write_all(artifact)?;
    Ok(file)
}

fn unfinished(entry: &Path) -> PathBuf {
    entry.with_extension(format!("{}.{UNFINISHED}", process::id()))
}

fn ends_with(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found == ending)
}

/// Removes what processes that were killed while they wrote have left.
fn sweep(folder: &Path) -> io::Result<()> {
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if ends_with(&path, UNFINISHED)
            && let Ok(file) = File::open(&path)
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(&path); // another process may have been quicker
        }
    }
    Ok(())
}

/// Removes the entries that were not used for longest until all fit, but never the one in use.
fn make_room(folder: &Path, used: &Path, most_bytes: u64) -> io::Result<()> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if ends_with(&path, ENTRY)
            && let Ok(known) = fs::metadata(&path)
        {
            entries.push((known.accessed()?, known.len(), path));
        }
    }
    entries.sort();
    let mut total = entries.iter().map(|(_, size, _)| size).sum::<u64>();
    for (_, size, path) in entries.iter().filter(|(.., path)| path != used) {
        if total <= most_bytes {
            break;
        }
        let _ = fs::remove_file(path); // another process may have been quicker
        total = total.saturating_sub(*size);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executor::{Limits, engine::engine};

    fn wasm() -> Vec<u8> {
        wat::parse_str("(module (func (export \"_start\")))").unwrap()
    }

    fn entries(folder: &Path) -> Vec<PathBuf> {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect()
    }

    #[test]
    fn compiled_module_is_kept_and_found() {
        let (engine, folder) = (
            engine(&Limits::default()).unwrap(),
            tempfile::tempdir().unwrap(),
        );
        load(&engine, &wasm(), folder.path()).unwrap();
        let kept = entries(folder.path());
        assert_eq!(kept, [folder.path().join(name(&engine, &wasm()))]);
        assert!(read(&engine, &kept[0]).is_some());
    }

    #[test]
    fn damaged_entry_is_replaced() {
        let (engine, folder) = (
            engine(&Limits::default()).unwrap(),
            tempfile::tempdir().unwrap(),
        );
        load(&engine, &wasm(), folder.path()).unwrap();
        let entry = folder.path().join(name(&engine, &wasm()));
        let whole = fs::read(&entry).unwrap();
        for damaged in [
            vec![],
            whole[..whole.len() / 2].to_vec(),
            vec![7; whole.len()],
        ] {
            fs::write(&entry, damaged).unwrap();
            assert!(read(&engine, &entry).is_none());
            load(&engine, &wasm(), folder.path()).unwrap();
            assert!(read(&engine, &entry).is_some());
        }
    }

    #[test]
    fn what_cannot_be_kept_still_runs() {
        let (engine, folder) = (
            engine(&Limits::default()).unwrap(),
            tempfile::tempdir().unwrap(),
        );
        let file = folder.path().join("file");
        fs::write(&file, "in the way").unwrap();
        assert!(load(&engine, &wasm(), &file).is_ok());
    }

    #[test]
    fn other_bytes_are_no_modules() {
        let (engine, folder) = (
            engine(&Limits::default()).unwrap(),
            tempfile::tempdir().unwrap(),
        );
        let artifact = engine.precompile_module(&wasm()).unwrap();
        for bytes in [
            b"(module)".to_vec(),
            vec![],
            b"\0asm".to_vec(),
            b"\0asm\x0d\0\x01\0".to_vec(), // a component
            b"\0asm\x01\0\0\0\xff".to_vec(),
            artifact,
        ] {
            let error = load(&engine, &bytes, folder.path()).unwrap_err();
            assert!(matches!(error, ModuleError::Invalid(_)), "{error:?}");
        }
        assert!(entries(folder.path()).is_empty());
    }

    #[test]
    fn what_killed_processes_left_is_removed() {
        let (engine, folder) = (
            engine(&Limits::default()).unwrap(),
            tempfile::tempdir().unwrap(),
        );
        let [dead, living] = ["dead", "living"].map(|name| folder.path().join(name));
        let [dead, living] = [dead, living].map(|path| path.with_extension(UNFINISHED));
        fs::write(&dead, "half").unwrap();
        let _at_work = write(&living, b"half").unwrap();
        load(&engine, &wasm(), folder.path()).unwrap();
        assert!(!dead.exists());
        assert!(living.exists(), "somebody is still writing it");
    }

    #[test]
    fn oldest_entries_make_room_but_never_the_one_in_use() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a", "b", "c"].map(|name| folder.path().join(name).with_extension(ENTRY));
        for (age, path) in (1..).zip(&paths) {
            fs::write(path, [0; 10]).unwrap();
            let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(age);
            let times = FileTimes::new().set_accessed(time);
            File::open(path).unwrap().set_times(times).unwrap();
        }
        let stay = || paths.iter().map(|path| path.exists()).collect::<Vec<_>>();
        make_room(folder.path(), &paths[0], 30).unwrap();
        assert_eq!(stay(), [true, true, true]);
        make_room(folder.path(), &paths[0], 20).unwrap();
        assert_eq!(stay(), [true, false, true]);
        mark_used(&paths[0]);
        make_room(folder.path(), &paths[2], 0).unwrap();
        assert_eq!(stay(), [false, false, true]);
    }
}
