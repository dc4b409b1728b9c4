;; Writes 64 KiB again and again to /output/big.bin. Exits with 1 when a write is refused.
;;
;; Memory: 0 the name, 16 one iovec (64 KiB from 65536), 24 bytes written, 28 the descriptor.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 2)
  (data (i32.const 0) "big.bin")
  (data (i32.const 16) "\00\00\01\00\00\00\01\00")
  (func (export "_start")
    ;; Create or truncate (1 + 8) with the right to write (bit 6).
    (if (call $path_open
          (i32.const 4) (i32.const 0) (i32.const 0) (i32.const 7) (i32.const 9)
          (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 28))
      (then (call $proc_exit (i32.const 1))))
    (memory.fill (i32.const 65536) (i32.const 66) (i32.const 65536))
    (loop $more
      (if (call $fd_write
            (i32.load (i32.const 28)) (i32.const 16) (i32.const 1) (i32.const 24))
        (then (call $proc_exit (i32.const 1))))
      (br $more))))
