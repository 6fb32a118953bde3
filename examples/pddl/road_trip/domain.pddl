;; Driving costs as much as the road is long.
(define (domain road-trip)
  (:requirements :strips :typing :action-costs)
  (:types town car)
  (:predicates (at ?c - car ?t - town) (road ?a ?b - town))
  (:functions (length ?a ?b - town) (total-cost))
  (:action drive
    :parameters (?c - car ?a ?b - town)
    :precondition (and (at ?c ?a) (road ?a ?b))
    :effect (and (not (at ?c ?a)) (at ?c ?b) (increase (total-cost) (length ?a ?b)))))
