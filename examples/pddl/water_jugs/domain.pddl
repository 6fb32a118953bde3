;; Jugs of 5 and 3 litres: pour all, or pour until the other is full.
(define (domain jugs)
  (:requirements :typing :numeric-fluents :negative-preconditions)
  (:types jug)
  (:predicates (other ?a ?b - jug))
  (:functions (content ?j - jug) (size ?j - jug))
  (:action fill
    :parameters (?j - jug)
    :precondition (< (content ?j) (size ?j))
    :effect (assign (content ?j) (size ?j)))
  (:action empty
    :parameters (?j - jug)
    :precondition (> (content ?j) 0)
    :effect (assign (content ?j) 0))
  (:action pour-all
    :parameters (?a ?b - jug)
    :precondition (and (other ?a ?b) (> (content ?a) 0) (<= (+ (content ?a) (content ?b)) (size ?b)))
    :effect (and (assign (content ?a) 0) (increase (content ?b) (content ?a))))
  (:action pour-until-full
    :parameters (?a ?b - jug)
    :precondition (and (other ?a ?b) (> (+ (content ?a) (content ?b)) (size ?b)) (< (content ?b) (size ?b)))
    :effect (and (decrease (content ?a) (- (size ?b) (content ?b))) (assign (content ?b) (size ?b)))))
