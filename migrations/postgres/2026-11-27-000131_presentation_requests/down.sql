DROP TABLE presentation_people;
DROP TABLE presentation_requests;
