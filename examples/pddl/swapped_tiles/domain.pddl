;; A sliding puzzle; a pair of swapped tiles cannot be undone.
(define (domain sliding)
  (:requirements :strips :typing)
  (:types tile cell)
  (:predicates (next ?a ?b - cell) (on ?t - tile ?c - cell) (blank ?c - cell))
  (:action slide
    :parameters (?t - tile ?a ?b - cell)
    :precondition (and (on ?t ?a) (blank ?b) (next ?a ?b))
    :effect (and (on ?t ?b) (blank ?a) (not (on ?t ?a)) (not (blank ?b)))))
