#![expect(missing_docs, reason = "tests")]

