//! One way to show an enumeration of the engine.

/// Declares an enumeration of the engine for other languages: the same variants, the same numbers, the same words.
///
/// Both conversions are exhaustive matches, and a number that differs from the engine's does not compile: when the engine
/// gains a variant, this crate stops building until it is listed here.
macro_rules! mirrored {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: $repr:ident, $raw:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $number:tt, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
        #[uniffi::export(Display)]
        #[repr($repr)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant = $number, )+
        }

        const _: () = {
            $( assert!(paceline::$name::$variant.$raw() as u64 == $number, "the engine has another number"); )+
        };

        impl From<paceline::$name> for $name {
            fn from(value: paceline::$name) -> Self {
                match value {
                    $( paceline::$name::$variant => Self::$variant, )+
                }
            }
        }

        impl From<$name> for paceline::$name {
            fn from(value: $name) -> Self {
                match value {
                    $( $name::$variant => Self::$variant, )+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(paceline::$name::from(*self).name())
            }
        }
    };
}

pub(crate) use mirrored;
