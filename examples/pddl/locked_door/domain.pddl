;; A door needs its key, and the key lies behind the door.
(define (domain doors)
  (:requirements :strips :typing)
  (:types room key)
  (:predicates (at ?r - room) (door ?a ?b - room ?k - key) (open ?a ?b - room) (lies ?k - key ?r - room) (has ?k - key))
  (:action take
    :parameters (?k - key ?r - room)
    :precondition (and (at ?r) (lies ?k ?r))
    :effect (and (has ?k) (not (lies ?k ?r))))
  (:action unlock
    :parameters (?a ?b - room ?k - key)
    :precondition (and (at ?a) (door ?a ?b ?k) (has ?k))
    :effect (open ?a ?b))
  (:action go
    :parameters (?a ?b - room)
    :precondition (and (at ?a) (open ?a ?b))
    :effect (and (at ?b) (not (at ?a)))))
