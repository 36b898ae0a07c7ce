//! The macro that makes a Rust type and its row of the table from one text.

/// Defines a class: a struct with serde attributes for the strict shape (absent
/// and empty members are left out, lists are always arrays, unknown members are
/// kept in `extensions`), a `new` that takes what is required, and
/// [`Described`](super::Described).
///
/// What is in `head` is written before `type`, which JSON is used to.
///
/// The first line says what `type` is: `set [["A"], ["B", "C"]]` an array holding `A`
/// and one of `B` and `C`; `text "A"` that string; `free` nothing.
macro_rules! class {
    (
        $(#[doc = $about:literal])+
        $class:ident set [$([$($group:literal),+]),+] $($rest:tt)*
    ) => {
        class! { @make [$($about)+] $class
            [types: $crate::vc::Types = $crate::vc::Types::first_of(&[$(&[$($group),+]),+]),
             "The classes it belongs to."]
            [$crate::schema::TypeRule::Set(&[$(&[$($group),+]),+])] $($rest)* }
    };
    (
        $(#[doc = $about:literal])+
        $class:ident text $name:literal $($rest:tt)*
    ) => {
        class! { @make [$($about)+] $class
            [types: String = $name.to_owned(), "The class it belongs to: a string, not an array."]
            [$crate::schema::TypeRule::Text($name)] $($rest)* }
    };
    (
        $(#[doc = $about:literal])+
        $class:ident free $($rest:tt)*
    ) => {
        class! { @make [$($about)+] $class [] [$crate::schema::TypeRule::Free] $($rest)* }
    };
    (
        @make [$($about:literal)+] $class:ident
        [$($types:ident: $types_type:ty = $types_value:expr, $types_doc:literal)?] [$rule:expr]
        $(closed $closed:literal)? $(rules [$($class_rule:expr),+])? {
            $(head { $(
                $(#[doc = $h_about:literal])+
                $h_field:ident / $h_name:literal : $h_type:ty = $h_kind:expr
            ),+ $(,)? })?
            $(required { $(
                $(#[doc = $r_about:literal])+
                $r_field:ident / $r_name:literal : $r_type:ty = $r_kind:expr
            ),+ $(,)? })?
            $(optional { $(
                $(#[doc = $o_about:literal])+
                $o_field:ident / $o_name:literal : $o_type:ty = $o_kind:expr
            ),+ $(,)? })?
            $(many { $(
                $(#[doc = $m_about:literal])+
                $m_field:ident / $m_name:literal : $m_type:ty = $m_kind:expr
            ),+ $(,)? })?
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $class {
            $($(
                $(#[doc = $h_about])+
                #[serde(rename = $h_name)]
                pub $h_field: $h_type,
            )+)?
            $(
                #[doc = $types_doc]
                #[serde(rename = "type")]
                pub $types: $types_type,
            )?
            $($(
                $(#[doc = $r_about])+
                #[serde(rename = $r_name)]
                pub $r_field: $r_type,
            )+)?
            $($(
                $(#[doc = $o_about])+
                #[serde(rename = $o_name, default, skip_serializing_if = "Option::is_none")]
                pub $o_field: Option<$o_type>,
            )+)?
            $($(
                $(#[doc = $m_about])+
                #[serde(
                    rename = $m_name,
                    default,
                    deserialize_with = "crate::vc::one_or_many",
                    skip_serializing_if = "Vec::is_empty"
                )]
                pub $m_field: Vec<$m_type>,
            )+)?
            /// Members this model does not know, kept as they were read.
            #[serde(flatten)]
            pub extensions: serde_json::Map<String, serde_json::Value>,
        }

        impl $class {
            /// One with what is required and nothing else.
            #[allow(
                clippy::new_without_default,
                reason = "most classes need something; those that do not are made in the same way"
            )]
            pub fn new(
                $($($h_field: impl Into<$h_type>,)+)?
                $($($r_field: impl Into<$r_type>,)+)?
            ) -> Self {
                Self {
                    $($($h_field: $h_field.into(),)+)?
                    $($types: $types_value,)?
                    $($($r_field: $r_field.into(),)+)?
                    $($($o_field: None,)+)?
                    $($($m_field: Vec::new(),)+)?
                    extensions: serde_json::Map::new(),
                }
            }
        }

        impl $crate::schema::Described for $class {
            fn class() -> &'static $crate::schema::Class {
                static CLASS: $crate::schema::Class = $crate::schema::Class {
                    name: stringify!($class),
                    about: concat!($($about),+),
                    types: $rule,
                    properties: &[
                        $($($crate::schema::Property {
                            name: $h_name,
                            about: concat!($($h_about),+),
                            required: true,
                            many: false,
                            kind: $h_kind,
                        },)+)?
                        $($($crate::schema::Property {
                            name: $r_name,
                            about: concat!($($r_about),+),
                            required: true,
                            many: false,
                            kind: $r_kind,
                        },)+)?
                        $($($crate::schema::Property {
                            name: $o_name,
                            about: concat!($($o_about),+),
                            required: false,
                            many: false,
                            kind: $o_kind,
                        },)+)?
                        $($($crate::schema::Property {
                            name: $m_name,
                            about: concat!($($m_about),+),
                            required: false,
                            many: true,
                            kind: $m_kind,
                        },)+)?
                    ],
                    rules: &[$($($class_rule),+)?],
                    closed: false $(|| $closed)?,
                };
                &CLASS
            }
        }
    };
}
