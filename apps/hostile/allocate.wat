;; Takes memory page by page and fills each page, so that it is really used.
;; Exits with 1 when the sandbox refuses to grow further.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (local $page i32)
    (loop $more
      (local.set $page (memory.grow (i32.const 1)))
      (if (i32.eq (local.get $page) (i32.const -1))
        (then (call $proc_exit (i32.const 1))))
      (memory.fill
        (i32.mul (local.get $page) (i32.const 65536))
        (i32.const 170)
        (i32.const 65536))
      (br $more))))
