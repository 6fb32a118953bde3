;; A farmer takes a wolf, a goat and a cabbage over a river, one at a time.
(define (domain river)
  (:requirements :strips :typing :negative-preconditions :universal-preconditions :disjunctive-preconditions)
  (:types bank cargo - object)
  (:predicates (at ?c - cargo ?b - bank) (farmer ?b - bank) (eats ?a ?b - cargo))
  (:action cross-alone
    :parameters (?from ?to - bank)
    :precondition (and (farmer ?from) (not (farmer ?to))
      (forall (?x ?y - cargo) (imply (eats ?x ?y) (not (and (at ?x ?from) (at ?y ?from))))))
    :effect (and (not (farmer ?from)) (farmer ?to)))
  (:action take
    :parameters (?c - cargo ?from ?to - bank)
    :precondition (and (farmer ?from) (not (farmer ?to)) (at ?c ?from)
      (forall (?x ?y - cargo)
        (imply (eats ?x ?y) (or (= ?x ?c) (= ?y ?c) (not (and (at ?x ?from) (at ?y ?from)))))))
    :effect (and (not (farmer ?from)) (farmer ?to) (not (at ?c ?from)) (at ?c ?to))))
