//! The constant `type` members of the classes.

/// A member that always says the same: `["Achievement"]` or `"Image"`.
macro_rules! constant {
    ($(#[$doc:meta])* $name:ident = $value:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $name;

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                $value.serialize(serializer)
            }
        }
    };
}

pub(super) use constant;
