-- The answers to a campaign, newest first, on its page.
CREATE INDEX received_mails_of_delivery ON received_mails (delivery_id, id DESC) WHERE class = 'reply';
