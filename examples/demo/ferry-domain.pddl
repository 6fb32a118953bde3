; A ferry carries one car at a time between the banks of a river.
(define (domain ferry)
  (:requirements :strips :typing)
  (:types car bank)
  (:predicates (at ?c - car ?b - bank) (at-ferry ?b - bank) (empty-ferry) (on ?c - car))
  (:action sail
    :parameters (?from - bank ?to - bank)
    :precondition (at-ferry ?from)
    :effect (and (at-ferry ?to) (not (at-ferry ?from))))
  (:action board
    :parameters (?c - car ?b - bank)
    :precondition (and (at ?c ?b) (at-ferry ?b) (empty-ferry))
    :effect (and (on ?c) (not (at ?c ?b)) (not (empty-ferry))))
  (:action debark
    :parameters (?c - car ?b - bank)
    :precondition (and (on ?c) (at-ferry ?b))
    :effect (and (at ?c ?b) (empty-ferry) (not (on ?c)))))
