//! One way to write an enumeration whose numbers are part of the contract.

/// Declares an enumeration with fixed raw values and names.
///
/// The raw values are those of the reference tables: they go into files, over links and across language
/// borders, so a value is never renumbered and never reused. To add one, add a line.
macro_rules! raw_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: $repr:ty {
            $( $(#[$variant_meta:meta])* $variant:ident = $raw:literal, $text:literal; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr($repr)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant = $raw, )+
        }

        impl $name {
            /// Every value, in the order of the table.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The number that stands for this value in files, on links and in other languages.
            pub const fn raw(self) -> $repr {
                self as $repr
            }

            /// The value with this number, or nothing when the number is not in the table.
            pub const fn from_raw(raw: $repr) -> Option<Self> {
                match raw {
                    $( $raw => Some(Self::$variant), )+
                    _ => None,
                }
            }

            /// The name as the reference spells it, such as `notStarted`.
            pub const fn name(self) -> &'static str {
                match self {
                    $( Self::$variant => $text, )+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&self.raw(), serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = <$repr as serde::Deserialize>::deserialize(deserializer)?;
                Self::from_raw(raw).ok_or_else(|| {
                    serde::de::Error::custom(format_args!("{raw} is no {}", stringify!($name)))
                })
            }
        }
    };
}

pub(crate) use raw_enum;
