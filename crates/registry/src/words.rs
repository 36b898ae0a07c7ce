//! Words that stand in a statement as they are, and not as its parameters: a database
//! uses an index of only the rows in one state where it can see that state. `SQLite`
//! would prepare the statement anew for every value it is given.

use diesel::{
    backend::Backend,
    expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping},
    query_builder::{AstPass, QueryFragment, QueryId},
    result::QueryResult,
    sql_types::{Bool, Text},
};

macro_rules! word {
    ($(#[$doc:meta])* $name:ident: $kind:ty = $sql:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, QueryId, ValidGrouping)]
        pub(crate) struct $name;

        impl Expression for $name {
            type SqlType = $kind;
        }

        impl<DB: Backend> QueryFragment<DB> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
                out.push_sql($sql);
                Ok(())
            }
        }

        impl<S> SelectableExpression<S> for $name {}
        impl<S> AppearsOnTable<S> for $name {}
    };
}

word! {
    /// The state of a credential whose intent is stored.
    Prepared: Text = "'prepared'"
}
word! {
    /// The state of a credential that was taken back.
    Revoked: Text = "'revoked'"
}
word! {
    /// Of completions: whether it has a natural key of a kind that is no longer made.
    HasFormerKey: Bool = "length(natural_key) = 32"
}
word! {
    /// A text for a column in which there is none.
    Empty: Text = "''"
}
word! {
    /// Of learners: whether what was known of them was erased.
    IsErased: Bool = "name_digest = ''"
}
