;; A van uses fuel on every kilometre and can fill up at a station.
(define (domain fuel)
  (:requirements :typing :numeric-fluents)
  (:types place)
  (:predicates (van ?p - place) (road ?a ?b - place) (station ?p - place))
  (:functions (tank) (capacity) (distance ?a ?b - place) (used))
  (:action drive
    :parameters (?a ?b - place)
    :precondition (and (van ?a) (road ?a ?b) (>= (tank) (distance ?a ?b)))
    :effect (and (not (van ?a)) (van ?b) (decrease (tank) (distance ?a ?b)) (increase (used) (distance ?a ?b))))
  (:action refuel
    :parameters (?p - place)
    :precondition (and (van ?p) (station ?p) (< (tank) (capacity)))
    :effect (assign (tank) (capacity))))
