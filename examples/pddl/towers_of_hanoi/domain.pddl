;; Discs on pegs; a disc may lie on a peg or on a larger disc.
;; @say move: move {d} from {from} to {to}
(define (domain hanoi)
  (:requirements :strips)
  (:predicates (clear ?x) (on ?d ?x) (smaller ?x ?d))
  (:action move
    :parameters (?d ?from ?to)
    :precondition (and (smaller ?to ?d) (on ?d ?from) (clear ?d) (clear ?to))
    :effect (and (clear ?from) (on ?d ?to) (not (on ?d ?from)) (not (clear ?to)))))
