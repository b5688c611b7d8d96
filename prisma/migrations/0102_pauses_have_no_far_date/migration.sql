-- « Until somebody resumes » was the year 2999. A relay that nobody may use now has a reason; without a date the pause
-- lasts until somebody acts. The reason of a pause that is over stays with its date: the next fault looks at it.
UPDATE relays SET pause_reason = NULL, paused_until = NULL
WHERE paused_until IS NULL
   OR paused_until <= now()
     AND (pause_reason IS NULL OR pause_reason IN ('staff', 'not-tested', 'not-connected', 'access-revoked'));
UPDATE relays SET pause_reason = coalesce(pause_reason, 'staff'),
  paused_until = CASE WHEN paused_until < '2900-01-01'
    AND pause_reason NOT IN ('staff', 'not-tested', 'not-connected', 'access-revoked') THEN paused_until END
WHERE paused_until IS NOT NULL;
UPDATE notices SET data = data - 'until' WHERE kind = 'relayPaused' AND data ->> 'until' >= '2900';

-- A date needs a reason, and what only a person can mend has no date.
ALTER TABLE relays ADD CONSTRAINT relays_paused_until CHECK (paused_until IS NULL
  OR pause_reason IS NOT NULL AND pause_reason NOT IN ('staff', 'not-tested', 'not-connected', 'access-revoked'));

-- The one sentence of it. Volatile as its clock, so that it is written out in the query that calls it.
CREATE FUNCTION is_paused(reason TEXT, until TIMESTAMPTZ) RETURNS BOOLEAN LANGUAGE sql VOLATILE AS $$
  SELECT reason IS NOT NULL AND (until IS NULL OR until > clock_timestamp())
$$;

CREATE OR REPLACE VIEW open_routes AS
SELECT x.identity_id, x.relay_id, x.position
FROM routes x JOIN relays r ON r.id = x.relay_id
WHERE r.archived_at IS NULL AND NOT is_paused(r.pause_reason, r.paused_until)
  AND NOT EXISTS (
    SELECT 1 FROM routes y JOIN relays p ON p.id = y.relay_id
    WHERE y.identity_id = x.identity_id AND y.position < x.position AND p.archived_at IS NULL
      AND NOT (is_paused(p.pause_reason, p.paused_until) AND p.pause_reason <> 'staff')
      AND NOT COALESCE(p.spent_until > clock_timestamp() AND p.spent_window IN ('hour', 'day'), false));
