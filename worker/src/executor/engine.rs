//! Execution version 1: one engine, one configuration, one way to refuse memory.
//!
//! Whatever changes fuel, results or the set of valid modules makes a new execution version; see
//! [`ergon_primitives::EXECUTION_VERSION_1`].

use super::{Limits, wasi::Stop};
use wasmtime::{Config, Engine, OptLevel, ResourceLimiter, Strategy, WasmBacktraceDetails};

/// What execution version 1 is.
pub const ENGINE: &str = "wasmtime 36.0.20 (cranelift): WebAssembly 2.0 with tail calls and extended \
     constants; no threads, relaxed SIMD, 64-bit or multiple memories or garbage collection; fuel, \
     canonical NaNs; WASI preview 1 in memory";

/// Most elements of a table.
const MAX_TABLE_ELEMENTS: usize = 1 << 20;
/// Most tables of a module.
pub const MAX_TABLES: u32 = 8;
/// Largest memory that 32-bit addresses reach, in bytes.
const MAX_MEMORY: u64 = 4 << 30;

/// The engine of execution version 1.
pub fn engine(limits: &Limits) -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    choose_features(&mut config);
    config
        .strategy(Strategy::Cranelift)
        .cranelift_opt_level(OptLevel::Speed)
        .cranelift_nan_canonicalization(true)
        .consume_fuel(true)
        .max_wasm_stack(usize::try_from(limits.stack_bytes)?)
        .parallel_compilation(true)
        // Nobody reads them, and collecting them takes time.
        .wasm_backtrace(false)
        .wasm_backtrace_details(WasmBacktraceDetails::Disable)
        .native_unwind_info(false);
    Engine::new(&config)
}

/// The proposals that version 1 knows. Each is named, because the engine's defaults depend on how
/// the whole workspace was compiled.
fn choose_features(config: &mut Config) {
    config
        .wasm_bulk_memory(true)
        .wasm_multi_value(true)
        .wasm_reference_types(true)
        .wasm_simd(true)
        .wasm_tail_call(true)
        .wasm_extended_const(true)
        .wasm_relaxed_simd(false)
        .wasm_threads(false)
        .wasm_shared_everything_threads(false)
        .wasm_multi_memory(false)
        .wasm_memory64(false)
        .wasm_custom_page_sizes(false)
        .wasm_wide_arithmetic(false)
        .wasm_stack_switching(false)
        .wasm_function_references(false)
        .wasm_gc(false);
}

/// Refuses growth beyond the app's own limits, and tells it apart from growth this machine refuses.
pub struct Limiter {
    memory_bytes: usize,
    /// Whether a memory or table was refused at its initial size: the module asks for too much.
    pub refused_at_start: bool,
}

impl Limiter {
    /// For a job within these limits.
    pub fn new(limits: &Limits) -> Self {
        let most = limits.memory_bytes.min(MAX_MEMORY);
        let memory_bytes = usize::try_from(most).unwrap_or(usize::MAX);
        Self {
            memory_bytes,
            refused_at_start: false,
        }
    }

    fn decide(&mut self, current: usize, allowed: bool) -> wasmtime::Result<bool> {
        self.refused_at_start |= current == 0 && !allowed;
        Ok(allowed)
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let allowed = desired <= self.memory_bytes && maximum.is_none_or(|most| desired <= most);
        self.decide(current, allowed)
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        Err(Stop::MemoryRefused.into())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let allowed = desired <= MAX_TABLE_ELEMENTS && maximum.is_none_or(|most| desired <= most);
        self.decide(current, allowed)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        // Growth beyond the maximum was refused before, so that this is the overflow of a size.
        drop(error);
        Ok(())
    }

    fn tables(&self) -> usize {
        MAX_TABLES as usize
    }

    fn memories(&self) -> usize {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_grows_up_to_the_limit_and_the_declared_maximum() {
        let mut limiter = Limiter::new(&Limits {
            memory_bytes: 1 << 20,
            ..Limits::default()
        });
        assert!(limiter.memory_growing(0, 1 << 20, None).unwrap());
        assert!(!limiter.memory_growing(65_536, (1 << 20) + 1, None).unwrap());
        assert!(
            !limiter
                .memory_growing(65_536, 131_072, Some(65_536))
                .unwrap()
        );
        assert!(!limiter.refused_at_start);
        assert!(!limiter.memory_growing(0, 2 << 20, None).unwrap());
        assert!(limiter.refused_at_start);
    }

    #[test]
    fn failing_host_is_no_answer_to_the_app() {
        let mut limiter = Limiter::new(&Limits::default());
        let error = limiter
            .memory_grow_failed(wasmtime::Error::msg("no memory"))
            .unwrap_err();
        assert!(matches!(error.downcast_ref(), Some(Stop::MemoryRefused)));
    }

    #[test]
    fn features_outside_the_version_are_invalid() {
        let engine = engine(&Limits::default()).unwrap();
        let modules = [
            "(module (memory 1 1 shared))",
            "(module (memory i64 1))",
            "(module (memory 1) (memory 1))",
            "(module (type (struct)))",
            "(module (func (param v128) (result v128) local.get 0 local.get 0 local.get 0 \
             f32x4.relaxed_madd))",
        ];
        for text in modules {
            let wasm = wat::parse_str(text).unwrap();
            assert!(
                engine.precompile_module(&wasm).is_err(),
                "{text} must be invalid"
            );
        }
    }

    #[test]
    fn features_that_compilers_use_by_default_are_valid() {
        let engine = engine(&Limits::default()).unwrap();
        let modules = [
            "(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 1))))",
            "(module (func (result i32 i32) i32.const 1 i32.const 2))",
            "(module (func (param v128) (result v128) local.get 0 i32x4.neg))",
            "(module (func $f return_call $f))",
            "(module (table 1 funcref) (table 1 externref))",
        ];
        for text in modules {
            let wasm = wat::parse_str(text).unwrap();
            assert!(
                engine.precompile_module(&wasm).is_ok(),
                "{text} must be valid"
            );
        }
    }
}
