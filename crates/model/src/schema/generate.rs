//! JSON Schemas from the table.
