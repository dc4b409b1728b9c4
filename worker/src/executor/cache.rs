//! Compiled modules, kept so that an app starts in milliseconds the second time.
//!
//! An entry is named after the module's digest, the execution version and the engine's
//! configuration and target; it starts with the digest of what follows, so that a damaged entry is
//! compiled anew and never run. Entries appear whole, by renaming. Apps cannot write here: they
//! have no file system.

use super::{digest, wire::shorten};
use ergon_primitives::EXECUTION_VERSION_1;
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
    process,
};
use wasmtime::{Engine, Module};

/// Largest compiled module that is kept, in bytes.
const MAX_ARTIFACT: usize = 512 << 20;
/// How a WebAssembly binary begins. Texts and compiled modules are no modules to us, whichever
/// features the engine was built with.
const MAGIC: &[u8] = b"\0asm";

/// Why there is no module to run.
#[derive(Debug)]
pub enum ModuleError {
    /// The bytes are no module of this execution version: everybody sees the same.
    Invalid(String),
    /// The engine cannot load what it compiled.
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
    let artifact = engine
        .precompile_module(wasm)
        .map_err(|error| ModuleError::Invalid(shorten(format!("{error:#}"))))?;
    if let Err(error) = keep(&entry, &artifact) {
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
        "{module}-v{EXECUTION_VERSION_1}-{:016x}.cwasm",
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
    revive(engine, artifact).ok()
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
    }
    let unfinished = unfinished(entry);
    let bytes = [digest(artifact).as_slice(), artifact].concat();
    let written = fs::write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, entry));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished); // it may not exist
    }
    written
}

fn unfinished(entry: &Path) -> PathBuf {
    entry.with_extension(format!("{}.tmp", process::id()))
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
            b"\0asm\x01\0\0\0\xff".to_vec(),
            artifact,
        ] {
            let error = load(&engine, &bytes, folder.path()).unwrap_err();
            assert!(matches!(error, ModuleError::Invalid(_)), "{error:?}");
        }
        assert!(entries(folder.path()).is_empty());
    }
}
