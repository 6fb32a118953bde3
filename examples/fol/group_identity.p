% In a group, the left neutral element is a right neutral element.
fof(associative, axiom, ! [X,Y,Z] : (mult(X,mult(Y,Z)) = mult(mult(X,Y),Z))).
fof(left_identity, axiom, ! [X] : (mult(e,X) = X)).
fof(left_inverse, axiom, ! [X] : (mult(inv(X),X) = e)).
fof(right_inverse, axiom, ! [X] : (mult(X,inv(X)) = e)).
fof(right_identity, conjecture, ! [X] : (mult(X,e) = X)).
