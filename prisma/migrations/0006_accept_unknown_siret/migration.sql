-- An organisation whose SIREN is not known: the old check was false, not null, for it.
ALTER TABLE organisations
  DROP CONSTRAINT organisations_siret,
  ADD CONSTRAINT organisations_siret CHECK (siret IS NULL OR (siret ~ '^\d{14}$' AND siren IS NOT NULL AND left(siret, 9) = siren));
