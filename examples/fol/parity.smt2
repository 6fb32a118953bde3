; No number is both even and odd.
(set-logic QF_LIA)
(declare-const n Int)
(declare-const j Int)
(declare-const k Int)
(assert (! (= n (* 2 j)) :named even))
(assert (! (= n (+ 1 (* 2 k))) :named odd))
(check-sat)
