;; Reads each of the four clocks of WASI preview 1 (real time, monotonic, process, thread).
;; Exits with 0 if all are refused, with 1 as soon as one answers.
(module
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (local $clock i32)
    (loop $next
      (if (i32.eqz (call $clock_time_get (local.get $clock) (i64.const 1) (i32.const 0)))
        (then (call $proc_exit (i32.const 1))))
      (local.set $clock (i32.add (local.get $clock) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $clock) (i32.const 4))))
    (call $proc_exit (i32.const 0))))
