;; Pressing a button toggles every lamp wired to it.
(define (domain lights)
  (:requirements :adl)
  (:types button lamp)
  (:predicates (wired ?b - button ?l - lamp) (on ?l - lamp))
  (:action press
    :parameters (?b - button)
    :effect (and
      (forall (?l - lamp) (when (and (wired ?b ?l) (on ?l)) (not (on ?l))))
      (forall (?l - lamp) (when (and (wired ?b ?l) (not (on ?l))) (on ?l))))))
