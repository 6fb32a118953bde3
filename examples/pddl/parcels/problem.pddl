(define (problem one-parcel)
  (:domain parcels)
  (:objects paris rome - town t1 t2 - truck jet - plane p - parcel
            home work - place cdg fco - airport)
  (:init (in-town home paris) (in-town cdg paris) (in-town work rome) (in-town fco rome)
         (at t1 cdg) (at t2 fco) (at jet fco) (at p home))
  (:goal (at p work)))
