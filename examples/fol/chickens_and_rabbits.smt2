; 35 heads and 94 feet.
(set-logic QF_LIA)
(declare-const chickens Int)
(declare-const rabbits Int)
(assert (! (>= chickens 0) :named some_chickens))
(assert (! (>= rabbits 0) :named some_rabbits))
(assert (! (= (+ chickens rabbits) 35) :named heads))
(assert (! (= (+ (* 2 chickens) (* 4 rabbits)) 94) :named feet))
(check-sat)
