-- A campaign ends when it has its finished_at, given up or not: only then does the database check its figures. Giving up
-- stops it at once; what was in flight is counted and its queue is set aside first. Those with nothing left open are over.
UPDATE campaigns k SET finished_at = coalesce(cancelled_at, updated_at)
WHERE status = 'cancelled' AND finished_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.campaign_id = k.id AND d.status IN ('queued', 'sending', 'unknown'));
UPDATE campaigns SET finished_at = NULL WHERE status NOT IN ('sent', 'cancelled');

ALTER TABLE campaigns ADD CONSTRAINT campaigns_finished CHECK (finished_at IS NULL OR status IN ('sent', 'cancelled'));

DROP TRIGGER campaigns_balance ON campaigns;
CREATE TRIGGER campaigns_balance AFTER UPDATE OF status, finished_at ON campaigns FOR EACH ROW
  WHEN (NEW.status = 'sent' AND OLD.status <> 'sent'
    OR NEW.finished_at IS NOT NULL AND (OLD.finished_at IS NULL OR NEW.status <> OLD.status))
  EXECUTE FUNCTION refuse_imbalance();
