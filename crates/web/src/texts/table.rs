//! One table, two languages.

/// Makes `Texts` with a field for each key, and its English and Welsh values.
/// A key without one of the two does not compile.
macro_rules! texts {
    ($($key:ident: $english:literal, $welsh:literal;)*) => {
        /// The texts of one language.
        #[derive(Debug)]
        pub(crate) struct Texts {
            $(pub(crate) $key: &'static str,)*
        }

        static EN: Texts = Texts { $($key: $english,)* };
        static CY: Texts = Texts { $($key: $welsh,)* };

        #[cfg(test)]
        const ALL: &[(&str, &str, &str)] = &[$((stringify!($key), $english, $welsh),)*];
    };
}

pub(super) use texts;
