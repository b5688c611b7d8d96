-- Without « match » the comparison was null, which a check lets pass. NOT VALID: what is written from now on.
ALTER TABLE segments DROP CONSTRAINT segments_criteria_shape;
ALTER TABLE segments ADD CONSTRAINT segments_criteria_shape CHECK (
  (criteria ->> 'match' IN ('all', 'any') AND jsonb_typeof(criteria -> 'groups') = 'array') IS TRUE
) NOT VALID;
