-- The last events are offered on each page of a contact: read from the end of an index, whatever the number of those who came.
CREATE INDEX activities_events ON activities ((data ->> 'on') DESC, (data ->> 'event')) WHERE kind = 'came';
