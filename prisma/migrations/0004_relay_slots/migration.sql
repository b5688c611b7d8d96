-- One row a connection a relay allows; holding the row is the right to hold the connection.
CREATE TABLE "relay_slots" (
    "relay_id" INTEGER NOT NULL,
    "slot" INTEGER NOT NULL,
    "worker_id" UUID NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "relay_slots_pkey" PRIMARY KEY ("relay_id","slot")
);

ALTER TABLE "relay_slots" ADD CONSTRAINT "relay_slots_relay_id_fkey" FOREIGN KEY ("relay_id") REFERENCES "relays"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Two workers writing the same ten seconds would wait for each other's commit: each counts in a row of its own.
ALTER TABLE "relay_usage" ADD COLUMN "shard" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "relay_usage" DROP CONSTRAINT "relay_usage_pkey", ADD CONSTRAINT "relay_usage_pkey" PRIMARY KEY ("relay_id","bucket","shard");
