;; Accepts a connection on, and sends a byte to, each of the descriptors 0 to 15.
;; Exits with 0 if everything is refused, with 1 as soon as anything succeeds.
;;
;; Memory: 0 the byte to send, 16 one iovec (1 byte from 0), 24 bytes sent, 28 the connection.
(module
  (import "wasi_snapshot_preview1" "sock_accept"
    (func $sock_accept (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sock_send"
    (func $sock_send (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "x")
  (data (i32.const 16) "\00\00\00\00\01\00\00\00")
  (func (export "_start")
    (local $descriptor i32)
    (loop $next
      (if (i32.eqz (call $sock_accept (local.get $descriptor) (i32.const 0) (i32.const 28)))
        (then (call $proc_exit (i32.const 1))))
      (if (i32.eqz (call $sock_send
            (local.get $descriptor) (i32.const 16) (i32.const 1) (i32.const 0) (i32.const 24)))
        (then (call $proc_exit (i32.const 1))))
      (local.set $descriptor (i32.add (local.get $descriptor) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $descriptor) (i32.const 16))))
    (call $proc_exit (i32.const 0))))
