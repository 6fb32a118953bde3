;; Fuses are mended only while a match burns.
;; @say light: light {m}
;; @say mend: mend {f}
(define (domain matches)
  (:requirements :typing :durative-actions)
  (:types match fuse)
  (:predicates (unused ?m - match) (burning) (hand-free) (mended ?f - fuse))
  (:durative-action light
    :parameters (?m - match)
    :duration (= ?duration 5)
    :condition (at start (unused ?m))
    :effect (and (at start (not (unused ?m))) (at start (burning)) (at end (not (burning)))))
  (:durative-action mend
    :parameters (?f - fuse)
    :duration (= ?duration 2)
    :condition (and (at start (hand-free)) (over all (burning)))
    :effect (and (at start (not (hand-free))) (at end (mended ?f)) (at end (hand-free)))))
