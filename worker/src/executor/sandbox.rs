//! The child's side of a job: one process, one module, one report.
//!
//! The process reads its request, gives up what it does not need, compiles or loads the module,
//! runs `_start` and says how that ended. It speaks to nobody else, and it ends when its parent
//! does.

use super::{
    Ending, Limits, Trace,
    cache::{self, ModuleError},
    confine, digest,
    engine::{self, Limiter},
    outputs,
    wasi::{self, Host, MEMORY, Stop, Wasi},
    wire::{Failure, Report, Request, shorten},
};
use std::{
    fs, io,
    process::{self, ExitCode},
    thread,
};
use wasmtime::{ExternType, InstancePre, Memory, Module, Store, Trap};

/// What WASI programs are entered by.
const START: &str = "_start";
/// Stack for the host's own functions, beyond the module's.
const HOST_STACK: u64 = 4 << 20;

/// Runs the job that stdin describes and reports on stdout: all of a child's life.
pub fn run_child() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the job could not be run: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let request = Request::read(io::stdin().lock())?;
    confine::confine(&request.limits, request.inputs.len())?;
    thread::spawn(die_with_parent);
    run_on_own_stack(request)?.write(io::stdout().lock())
}

/// The parent keeps stdin open as long as it lives, so that its end says that the parent is gone.
fn die_with_parent() {
    // The end of the file or an error: the same to us.
    let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
    process::abort();
}

/// The main thread's stack is as large as the machine's owner wants; the module's is as large as
/// said.
fn run_on_own_stack(request: Request) -> io::Result<Report> {
    let stack = request.limits.stack_bytes.saturating_add(HOST_STACK);
    let size = usize::try_from(stack).map_err(io::Error::other)?;
    let job = thread::Builder::new()
        .stack_size(size)
        .spawn(move || execute(&request))?;
    job.join()
        .map_err(|_| io::Error::other("the engine panicked"))
}

fn execute(request: &Request) -> Report {
    prepare(request).unwrap_or_else(Report::Failed)
}

/// Everything up to the first instruction.
fn prepare(request: &Request) -> Result<Report, Failure> {
    let engine = engine::engine(&request.limits).map_err(Failure::because)?;
    let wasm = fs::read(&request.module)?;
    let module = match cache::load(&engine, &wasm, &request.cache) {
        Ok(module) => module,
        Err(ModuleError::Invalid(why)) => return Ok(invalid(why)),
        Err(ModuleError::Host(why)) => return Err(Failure::Io(why)),
    };
    if let Err(why) = check_shape(&module) {
        return Ok(invalid(why));
    }
    let linker = wasi::linker(&engine).map_err(Failure::because)?;
    let linked = match linker.instantiate_pre(&module) {
        Ok(linked) => linked,
        Err(error) => return Ok(invalid(shorten(format!("{error:#}")))),
    };
    let mut store = Store::new(&engine, Host::new(Wasi::new(request)?, &request.limits));
    store.limiter(|host| &mut host.limiter);
    store
        .set_fuel(request.limits.fuel)
        .map_err(Failure::because)?;
    run(store, &linked, request)
}

/// A report that the module is none.
fn invalid(why: impl Into<String>) -> Report {
    Report::Ended {
        ending: Ending::InvalidModule(why.into()),
        trace: Trace::default(),
        stdout_tail: Vec::new(),
        stderr_tail: Vec::new(),
    }
}

/// What every module has, beyond being valid.
fn check_shape(module: &Module) -> Result<(), &'static str> {
    match module.get_export(START) {
        Some(ExternType::Func(start)) if start.params().len() + start.results().len() == 0 => {}
        _ => return Err("it exports no function `_start` without parameters and results"),
    }
    let memory = matches!(module.get_export(MEMORY), Some(ExternType::Memory(_)));
    if module.imports().next().is_some() && !memory {
        return Err("it imports functions but does not export its `memory` to them");
    }
    if module.resources_required().num_tables > engine::MAX_TABLES {
        return Err("it has too many tables");
    }
    Ok(())
}

/// How the engine came back.
#[derive(Debug)]
enum Stopped {
    /// The app returned (0) or exited.
    Exit(i32),
    /// The app reached `unreachable`: this is how panics and aborts end.
    Unreachable,
    /// Another trap.
    Trap(Trap),
    /// The fuel was used up.
    OutOfFuel,
    /// `/output` was full.
    OutputLimit,
    /// The module asks for more memory or table than allowed.
    TooLarge,
}

fn run(
    mut store: Store<Host>,
    linked: &InstancePre<Host>,
    request: &Request,
) -> Result<Report, Failure> {
    let (memory, result) = start(&mut store, linked);
    let stopped = match why(result, &store.data().limiter)? {
        Stopped::Exit(0) if store.data().wasi.outputs().is_none() => Stopped::OutputLimit,
        stopped => stopped,
    };
    let trace = trace(&store, memory, &stopped, &request.limits)?;
    let Host { wasi, .. } = store.into_data();
    let ending = ending(&stopped, &wasi, request)?;
    let (stdout_tail, stderr_tail) = wasi.logs();
    Ok(Report::Ended {
        ending,
        trace,
        stdout_tail,
        stderr_tail,
    })
}

fn start(
    store: &mut Store<Host>,
    linked: &InstancePre<Host>,
) -> (Option<Memory>, wasmtime::Result<()>) {
    let instance = match linked.instantiate(&mut *store) {
        Ok(instance) => instance,
        Err(error) => return (None, Err(error)),
    };
    let memory = instance.get_memory(&mut *store, MEMORY);
    let result = instance
        .get_typed_func::<(), ()>(&mut *store, START)
        .and_then(|start| start.call(&mut *store, ()));
    (memory, result)
}

/// Tells the app's doing from this machine's.
fn why(result: wasmtime::Result<()>, limiter: &Limiter) -> Result<Stopped, Failure> {
    let Err(error) = result else {
        return Ok(Stopped::Exit(0));
    };
    if let Some(stop) = error.downcast_ref::<Stop>() {
        return match stop {
            Stop::Exit(code) => Ok(Stopped::Exit(*code)),
            Stop::OutOfFuel => Ok(Stopped::OutOfFuel),
            Stop::OutputLimit => Ok(Stopped::OutputLimit),
            Stop::MemoryRefused => Err(Failure::MemoryRefused),
            Stop::Io(why) => Err(Failure::because(why)),
        };
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => Err(Failure::StackOverflow),
        Some(Trap::OutOfFuel) => Ok(Stopped::OutOfFuel),
        Some(Trap::UnreachableCodeReached) => Ok(Stopped::Unreachable),
        Some(trap) => Ok(Stopped::Trap(*trap)),
        None if limiter.refused_at_start => Ok(Stopped::TooLarge),
        None => Err(Failure::because(format!("{error:#}"))),
    }
}

/// The trace of an end at which the engine's count of fuel and the memory are the same everywhere.
/// At other traps the count is not.
fn trace(
    store: &Store<Host>,
    memory: Option<Memory>,
    stopped: &Stopped,
    limits: &Limits,
) -> Result<Trace, Failure> {
    let left = match stopped {
        Stopped::Exit(_) | Stopped::Unreachable => store.get_fuel().map_err(Failure::because)?,
        Stopped::OutOfFuel => 0,
        Stopped::Trap(_) | Stopped::OutputLimit | Stopped::TooLarge => return Ok(Trace::default()),
    };
    Ok(Trace {
        fuel_used: Some(limits.fuel.saturating_sub(left)),
        memory_hash: memory.map(|memory| digest(memory.data(store))),
    })
}

fn ending(stopped: &Stopped, wasi: &Wasi, request: &Request) -> Result<Ending, Failure> {
    Ok(match stopped {
        Stopped::Exit(0) => {
            let files = wasi.outputs().unwrap_or_default();
            Ending::Success {
                outputs: outputs::write(&request.outputs, &files)?,
            }
        }
        Stopped::Exit(code) => Ending::Exit(*code),
        Stopped::Unreachable => Ending::Trap("unreachable".into()),
        Stopped::Trap(trap) => Ending::Trap(trap.to_string()),
        Stopped::OutOfFuel => Ending::FuelExhausted,
        Stopped::OutputLimit => Ending::OutputLimit,
        Stopped::TooLarge => Ending::InvalidModule("it asks for more memory than allowed".into()),
    })
}
