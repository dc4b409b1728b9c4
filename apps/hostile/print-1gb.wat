;; Prints 1 GiB to stdout in pieces of 64 KiB, then ends with success. Exits with 1 when a write is
;; refused or nothing is taken any more.
;;
;; Memory: 16 one iovec (64 KiB from 65536), 24 bytes written.
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 2)
  (data (i32.const 16) "\00\00\01\00\00\00\01\00")
  (func (export "_start")
    (local $printed i32)
    (memory.fill (i32.const 65536) (i32.const 111) (i32.const 65536))
    (loop $more
      (if (call $fd_write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24))
        (then (call $proc_exit (i32.const 1))))
      (if (i32.eqz (i32.load (i32.const 24)))
        (then (call $proc_exit (i32.const 1))))
      (local.set $printed (i32.add (local.get $printed) (i32.load (i32.const 24))))
      (br_if $more (i32.lt_u (local.get $printed) (i32.const 1073741824))))))
