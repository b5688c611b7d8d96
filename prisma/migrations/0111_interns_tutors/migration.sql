-- Who ties a company to us: the students who were interns there, and those who looked after them.
ALTER TYPE "AffiliationRole" ADD VALUE 'intern';
ALTER TYPE "AffiliationRole" ADD VALUE 'tutor';

-- The call list: by the day of the next step, those without one last.
CREATE INDEX "pledges_calls" ON "pledges"("campaign_year", (coalesce("next_on", date '9999-12-31')), "id");
