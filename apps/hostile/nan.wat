;; Computes NaNs in several ways and writes their bits to /output/nan.bin: eight times 8 bytes
;; and twice 4. WebAssembly leaves sign and payload of a computed NaN to the machine, so that a
;; sandbox which wants equal results everywhere has to make them canonical. Exits with 1 if the
;; file cannot be written.
;;
;; The operands are read from memory, where no compiler can fold them. Memory: 0 the name,
;; 16 one iovec (72 bytes from 256), 24 bytes written, 28 the descriptor, 64 the operands.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "nan.bin")
  (data (i32.const 16) "\00\01\00\00\48\00\00\00")
  ;; 64: zero, 72: infinity, 80: minus one.
  (data (i32.const 64) "\00\00\00\00\00\00\00\00")
  (data (i32.const 72) "\00\00\00\00\00\00\f0\7f")
  (data (i32.const 80) "\00\00\00\00\00\00\f0\bf")
  ;; 88: a quiet NaN with payload 0x123, 96: a signalling NaN with the sign bit set.
  (data (i32.const 88) "\23\01\00\00\00\00\f8\7f")
  (data (i32.const 96) "\45\00\00\00\00\00\f4\ff")
  ;; 104: the single-precision NaN 0x7fc00abc.
  (data (i32.const 104) "\bc\0a\c0\7f")
  (func (export "_start")
    (f64.store (i32.const 256)
      (f64.div (f64.load (i32.const 64)) (f64.load (i32.const 64))))
    (f64.store (i32.const 264)
      (f64.sub (f64.load (i32.const 72)) (f64.load (i32.const 72))))
    (f64.store (i32.const 272)
      (f64.sqrt (f64.load (i32.const 80))))
    (f64.store (i32.const 280)
      (f64.mul (f64.load (i32.const 64)) (f64.load (i32.const 72))))
    (f64.store (i32.const 288)
      (f64.add (f64.load (i32.const 88)) (f64.load (i32.const 80))))
    (f64.store (i32.const 296)
      (f64.add (f64.load (i32.const 88)) (f64.load (i32.const 96))))
    (f64.store (i32.const 304)
      (f64.min (f64.load (i32.const 96)) (f64.load (i32.const 64))))
    (f64.store (i32.const 312)
      (f64.promote_f32 (f32.load (i32.const 104))))
    (f32.store (i32.const 320)
      (f32.demote_f64 (f64.load (i32.const 88))))
    (f32.store (i32.const 324)
      (f32.mul (f32.load (i32.const 104)) (f32.load (i32.const 104))))
    ;; Create or truncate (1 + 8) with the right to write (bit 6).
    (if (call $path_open
          (i32.const 4) (i32.const 0) (i32.const 0) (i32.const 7) (i32.const 9)
          (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 28))
      (then (call $proc_exit (i32.const 1))))
    (if (call $fd_write
          (i32.load (i32.const 28)) (i32.const 16) (i32.const 1) (i32.const 24))
      (then (call $proc_exit (i32.const 1))))))
