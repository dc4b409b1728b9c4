;; Loops for ever. Only a limit on instructions or time ends it.
(module
  (memory (export "memory") 1)
  (func (export "_start")
    (loop $again
      (br $again))))
