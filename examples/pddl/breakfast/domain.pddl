;; Eggs and toast side by side, one cook, two hobs.
(define (domain breakfast)
  (:requirements :typing :durative-actions)
  (:types dish hob)
  (:predicates (free ?h - hob) (ready ?d - dish) (raw ?d - dish))
  (:functions (time ?d - dish))
  (:durative-action cook
    :parameters (?d - dish ?h - hob)
    :duration (= ?duration (time ?d))
    :condition (and (at start (free ?h)) (at start (raw ?d)))
    :effect (and (at start (not (free ?h))) (at start (not (raw ?d))) (at end (free ?h)) (at end (ready ?d)))))
