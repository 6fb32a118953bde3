;; One cannot be in two rooms at once.
(define (domain rooms)
  (:requirements :strips :typing)
  (:types room person)
  (:predicates (in ?p - person ?r - room))
  (:action walk
    :parameters (?p - person ?a ?b - room)
    :precondition (in ?p ?a)
    :effect (and (in ?p ?b) (not (in ?p ?a)))))
