;; Fills its memory for ever with single instructions, each of which costs one unit of fuel however
;; much it fills: hours of work for little fuel.
(module
  (memory (export "memory") 256)
  (func (export "_start")
    (loop $again
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 16777216))
      (br $again))))
