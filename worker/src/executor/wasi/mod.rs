//! WASI preview 1 as a small system in memory, the same on every machine.
//!
//! Each function is a method of [`Wasi`] over the app's memory and fuel ([`guest`]) and answers
//! with success, with an error number for the app, or with the app's end ([`errno`]). None of them
//! reaches the host, except for reading the files that were named as inputs. What the interface
//! demands and this system does not have — clocks, sockets, links, signals — answers `NOTSUP`.

mod descriptor_calls;
mod descriptors;
mod errno;
mod files;
mod guest;
mod logs;
mod path_calls;
mod paths;
mod random;
mod system_calls;

use super::{
    Limits,
    engine::Limiter,
    wire::{Failure, MAX_OUTPUT_PATH, Request},
};
use descriptors::Descriptors;
use errno::Fault;
use files::Files;
use guest::Guest;
use logs::Tail;
use std::fs::File;
use wasmtime::{Caller, Engine, Extern, Linker, Memory};

pub use errno::Stop;

/// The export that host functions read and write.
pub const MEMORY: &str = "memory";
/// The name under which modules import WASI preview 1.
const MODULE: &str = "wasi_snapshot_preview1";
/// Fuel for any call, however little it does.
const CALL_FUEL: u64 = 64;

/// What a call answers: nothing on success, as its results go to the app's memory.
type Answer = Result<(), Fault>;

/// What belongs to one instance.
pub struct Host {
    /// The system the app sees.
    pub wasi: Wasi,
    /// What its memory may grow to.
    pub limiter: Limiter,
    /// Its memory, once it has been looked up.
    memory: Option<Memory>,
}

impl Host {
    /// For a job within these limits.
    pub fn new(wasi: Wasi, limits: &Limits) -> Self {
        Self {
            wasi,
            limiter: Limiter::new(limits),
            memory: None,
        }
    }
}

/// The system an app sees.
pub struct Wasi {
    args: Vec<String>,
    files: Files,
    descriptors: Descriptors,
    stdout: Tail,
    stderr: Tail,
    random: random::Stream,
}

impl Wasi {
    /// The system of a job, its inputs opened.
    pub fn new(request: &Request) -> Result<Self, Failure> {
        let limits = &request.limits;
        let mut files = Files::new(limits.output_bytes, limits.files);
        for (name, path) in &request.inputs {
            let file = File::open(path)?;
            let size = file.metadata()?.len();
            files.add_input(name, file, size).map_err(|error| {
                Failure::because(format!("the input {name:?} cannot be placed: {error:?}"))
            })?;
        }
        Ok(Self::with_files(
            request.args.clone(),
            files,
            limits.log_bytes,
        ))
    }

    fn with_files(args: Vec<String>, files: Files, log_bytes: u64) -> Self {
        Self {
            args,
            files,
            descriptors: Descriptors::new(&[("/input", files::INPUT), ("/output", files::OUTPUT)]),
            stdout: Tail::new(log_bytes / 2),
            stderr: Tail::new(log_bytes / 2),
            random: random::Stream::default(),
        }
    }

    /// The files in `/output`, sorted by path; `None` if a path is longer than outputs may have.
    pub fn outputs(&self) -> Option<Vec<(String, &[u8])>> {
        let files = self.files.outputs();
        files
            .iter()
            .all(|(path, _)| path.len() <= MAX_OUTPUT_PATH)
            .then_some(files)
    }

    /// The ends of stdout and stderr.
    pub fn logs(self) -> (Vec<u8>, Vec<u8>) {
        (self.stdout.into_bytes(), self.stderr.into_bytes())
    }
}

/// Links functions that are methods of [`Wasi`] with the same name and parameters.
macro_rules! link {
    ($linker:ident: $($name:ident($($argument:ident: $type:ty),*);)*) => {$(
        $linker.func_wrap(
            MODULE,
            stringify!($name),
            |mut caller: Caller<'_, Host>, $($argument: $type),*| -> wasmtime::Result<u32> {
                enter(&mut caller, |wasi, guest| wasi.$name(guest, $($argument),*))
            },
        )?;
    )*};
}

/// All functions of WASI preview 1.
pub fn linker(engine: &Engine) -> wasmtime::Result<Linker<Host>> {
    let mut linker = Linker::new(engine);
    link_system(&mut linker)?;
    link_descriptors(&mut linker)?;
    link_paths(&mut linker)?;
    Ok(linker)
}

fn link_system(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    link! { linker:
        args_get(list: u32, text: u32);
        args_sizes_get(count: u32, size: u32);
        environ_get(list: u32, text: u32);
        environ_sizes_get(count: u32, size: u32);
        clock_res_get(clock: u32, resolution: u32);
        clock_time_get(clock: u32, precision: u64, time: u32);
        random_get(buffer: u32, length: u32);
        poll_oneoff(subscriptions: u32, events: u32, count: u32, ready: u32);
        proc_raise(signal: u32);
        sched_yield();
        sock_accept(socket: u32, flags: u32, opened: u32);
        sock_recv(socket: u32, list: u32, count: u32, flags: u32, size: u32, answer: u32);
        sock_send(socket: u32, list: u32, count: u32, flags: u32, size: u32);
        sock_shutdown(socket: u32, how: u32);
    }
    linker.func_wrap(
        MODULE,
        "proc_exit",
        |_: Caller<'_, Host>, code: i32| -> wasmtime::Result<()> { Err(Stop::Exit(code).into()) },
    )?;
    Ok(())
}

fn link_descriptors(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    link! { linker:
        fd_advise(fd: u32, at: u64, length: u64, advice: u32);
        fd_allocate(fd: u32, at: u64, length: u64);
        fd_close(fd: u32);
        fd_datasync(fd: u32);
        fd_fdstat_get(fd: u32, status: u32);
        fd_fdstat_set_flags(fd: u32, flags: u32);
        fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64);
        fd_filestat_get(fd: u32, status: u32);
        fd_filestat_set_size(fd: u32, size: u64);
        fd_filestat_set_times(fd: u32, access: u64, change: u64, flags: u32);
        fd_pread(fd: u32, list: u32, count: u32, at: u64, size: u32);
        fd_prestat_get(fd: u32, status: u32);
        fd_prestat_dir_name(fd: u32, name: u32, length: u32);
        fd_pwrite(fd: u32, list: u32, count: u32, at: u64, size: u32);
        fd_read(fd: u32, list: u32, count: u32, size: u32);
        fd_readdir(fd: u32, buffer: u32, length: u32, cookie: u64, size: u32);
        fd_renumber(fd: u32, to: u32);
        fd_seek(fd: u32, by: i64, whence: u32, position: u32);
        fd_sync(fd: u32);
        fd_tell(fd: u32, position: u32);
        fd_write(fd: u32, list: u32, count: u32, size: u32);
    }
    Ok(())
}

fn link_paths(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    link! { linker:
        path_create_directory(fd: u32, path: u32, length: u32);
        path_filestat_get(fd: u32, lookup: u32, path: u32, length: u32, status: u32);
        path_filestat_set_times(
            fd: u32, lookup: u32, path: u32, length: u32, access: u64, change: u64, flags: u32
        );
        path_link(
            fd: u32, lookup: u32, path: u32, length: u32, to: u32, new: u32, new_length: u32
        );
        path_open(
            fd: u32, lookup: u32, path: u32, length: u32, how: u32, base: u64, inheriting: u64,
            flags: u32, opened: u32
        );
        path_readlink(fd: u32, path: u32, length: u32, buffer: u32, room: u32, size: u32);
        path_remove_directory(fd: u32, path: u32, length: u32);
        path_rename(fd: u32, path: u32, length: u32, to: u32, new: u32, new_length: u32);
        path_symlink(target: u32, target_length: u32, fd: u32, path: u32, length: u32);
        path_unlink_file(fd: u32, path: u32, length: u32);
    }
    Ok(())
}

/// Carries a call from the app to the system and its answer back, and takes the fuel for it.
fn enter(
    caller: &mut Caller<'_, Host>,
    call: impl FnOnce(&mut Wasi, &mut Guest<'_>) -> Answer,
) -> wasmtime::Result<u32> {
    let fuel = caller.get_fuel()?;
    let memory = memory_of(caller)?;
    let (bytes, host) = memory.data_and_store_mut(&mut *caller);
    let mut guest = Guest::new(bytes, fuel);
    let answer = guest
        .charge(CALL_FUEL)
        .and_then(|()| call(&mut host.wasi, &mut guest));
    let left = guest.fuel();
    caller.set_fuel(left)?;
    match answer {
        Ok(()) => Ok(0),
        Err(Fault::Errno(errno)) => Ok(errno as u32),
        Err(Fault::Stop(stop)) => Err(stop.into()),
    }
}

/// The memory of the instance that calls; looked up once.
fn memory_of(caller: &mut Caller<'_, Host>) -> wasmtime::Result<Memory> {
    if let Some(memory) = caller.data().memory {
        return Ok(memory);
    }
    let memory = caller
        .get_export(MEMORY)
        .and_then(Extern::into_memory)
        .ok_or_else(|| wasmtime::Error::msg("a module that calls WASI exports its memory"))?;
    caller.data_mut().memory = Some(memory);
    Ok(memory)
}

#[cfg(test)]
mod tests;
