;; Parcels, trucks within towns, one plane between airports.
;; @say load: load {p} into {v} at {l}
;; @say unload: unload {p} from {v} at {l}
;; @say drive: drive {t} from {a} to {b}
;; @say fly: fly {f} from {a} to {b}
(define (domain parcels)
  (:requirements :strips :typing)
  (:types vehicle parcel place town - object truck plane - vehicle airport - place)
  (:predicates (in-town ?l - place ?c - town) (at ?x - (either vehicle parcel) ?l - place) (in ?p - parcel ?v - vehicle))
  (:action load
    :parameters (?p - parcel ?v - vehicle ?l - place)
    :precondition (and (at ?p ?l) (at ?v ?l))
    :effect (and (in ?p ?v) (not (at ?p ?l))))
  (:action unload
    :parameters (?p - parcel ?v - vehicle ?l - place)
    :precondition (and (in ?p ?v) (at ?v ?l))
    :effect (and (at ?p ?l) (not (in ?p ?v))))
  (:action drive
    :parameters (?t - truck ?a ?b - place ?c - town)
    :precondition (and (at ?t ?a) (in-town ?a ?c) (in-town ?b ?c))
    :effect (and (at ?t ?b) (not (at ?t ?a))))
  (:action fly
    :parameters (?f - plane ?a ?b - airport)
    :precondition (at ?f ?a)
    :effect (and (at ?f ?b) (not (at ?f ?a)))))
