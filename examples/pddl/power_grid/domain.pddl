;; A lamp is lit if it is connected to the plant: a derived predicate.
(define (domain power)
  (:requirements :strips :typing :derived-predicates :disjunctive-preconditions :existential-preconditions)
  (:types node)
  (:predicates (plant ?n - node) (line ?a ?b - node) (closed ?a ?b - node) (powered ?n - node) (damaged ?a ?b - node))
  (:derived (powered ?n - node)
    (or (plant ?n) (exists (?m - node) (and (powered ?m) (closed ?m ?n)))))
  (:action close
    :parameters (?a ?b - node)
    :precondition (and (line ?a ?b) (powered ?a))
    :effect (closed ?a ?b)))
