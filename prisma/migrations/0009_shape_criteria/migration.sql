-- A segment's criteria always have the shape that lib/segments reads.
ALTER TABLE "segments" ADD CONSTRAINT "segments_criteria_shape" CHECK (
  criteria ->> 'match' IN ('all', 'any') AND jsonb_typeof(criteria -> 'groups') = 'array'
);
