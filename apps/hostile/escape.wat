;; Tries to leave its two directories: reads and writes along "..", absolute paths, a symbolic link
;; to the root, and descriptors it was not given. Enough ".." are used to reach the root from any
;; depth, where /etc/passwd exists: what fails here is refused, not merely missing.
;; Exits with 0 if everything is refused, with 1 as soon as anything succeeds.
;;
;; Memory: 28 the opened descriptor; the paths stand at their addresses with their lengths:
;;   64 (58) up and /etc/passwd        192 (11) absolute
;;  256 (60) the same from "."         384 (12) a file one level up
;;  448 (10) a directory one level up  512 (1) the root  520 (4) the link  528 (15) through the link
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_create_directory"
    (func $path_create_directory (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_symlink"
    (func $path_symlink (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "../../../../../../../../../../../../../../../../etc/passwd")
  (data (i32.const 192) "/etc/passwd")
  (data (i32.const 256) "./../../../../../../../../../../../../../../../../etc/passwd")
  (data (i32.const 384) "../escaped.x")
  (data (i32.const 448) "../escaped")
  (data (i32.const 512) "/")
  (data (i32.const 520) "link")
  (data (i32.const 528) "link/etc/passwd")

  ;; Exits with 1 if the error number is 0, that is, if the attempt succeeded.
  (func $must_fail (param $error i32)
    (if (i32.eqz (local.get $error))
      (then (call $proc_exit (i32.const 1)))))

  ;; Opening a file to read it (bit 1), following symbolic links, must fail.
  (func $must_not_read (param $directory i32) (param $path i32) (param $length i32)
    (call $must_fail (call $path_open
      (local.get $directory) (i32.const 1) (local.get $path) (local.get $length) (i32.const 0)
      (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 28))))

  ;; Creating (1) a file to write it (bit 6) must fail.
  (func $must_not_write (param $directory i32) (param $path i32) (param $length i32)
    (call $must_fail (call $path_open
      (local.get $directory) (i32.const 1) (local.get $path) (local.get $length) (i32.const 1)
      (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 28))))

  (func $try_from (param $directory i32)
    (call $must_not_read (local.get $directory) (i32.const 64) (i32.const 58))
    (call $must_not_read (local.get $directory) (i32.const 192) (i32.const 11))
    (call $must_not_read (local.get $directory) (i32.const 256) (i32.const 60))
    ;; The same without the leading slash: from a descriptor that happens to be the root.
    (call $must_not_read (local.get $directory) (i32.const 193) (i32.const 10))
    (call $must_not_write (local.get $directory) (i32.const 384) (i32.const 12))
    (call $must_fail (call $path_create_directory
      (local.get $directory) (i32.const 448) (i32.const 10))))

  (func (export "_start")
    (local $descriptor i32)
    (loop $next
      (call $try_from (local.get $descriptor))
      (local.set $descriptor (i32.add (local.get $descriptor) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $descriptor) (i32.const 16))))
    ;; Whether the link itself is allowed does not matter; the way through it must be closed.
    (drop (call $path_symlink
      (i32.const 512) (i32.const 1) (i32.const 4) (i32.const 520) (i32.const 4)))
    (call $must_not_read (i32.const 4) (i32.const 528) (i32.const 15))
    (call $proc_exit (i32.const 0))))
