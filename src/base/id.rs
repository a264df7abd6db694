/// `id!(WorkspaceId)`: an unguessable number that cannot be mistaken for
/// another table's. Version 7, so that rows lie in the order they were made.
#[macro_export]
macro_rules! id {
    ($name:ident) => {
        #[derive(
            Clone,
            Copy,
            Debug,
            PartialEq,
            Eq,
            PartialOrd,
            Ord,
            Hash,
            ::serde::Serialize,
            ::serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub ::uuid::Uuid);

        impl $name {
            /// A new one, made now.
            pub fn new(now: $crate::base::Time) -> Self {
                let (seconds, nanos) = (
                    now.0.div_euclid(1000).cast_unsigned(),
                    u32::try_from(now.0.rem_euclid(1000)).unwrap_or_default() * 1_000_000,
                );
                $name(::uuid::Uuid::new_v7(::uuid::Timestamp::from_unix(
                    ::uuid::NoContext,
                    seconds,
                    nanos,
                )))
            }

            /// Reads what [`Display`](::std::fmt::Display) writes; `None` for anything else.
            pub fn parse(text: &str) -> Option<Self> {
                (text.len() == 32)
                    .then(|| ::uuid::Uuid::try_parse(text).ok().map($name))
                    .flatten()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.simple().fmt(f)
            }
        }

        impl ::rusqlite::ToSql for $name {
            fn to_sql(&self) -> ::rusqlite::Result<::rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.to_string().into())
            }
        }

        impl ::rusqlite::types::FromSql for $name {
            fn column_result(
                value: ::rusqlite::types::ValueRef<'_>,
            ) -> ::rusqlite::types::FromSqlResult<Self> {
                value.as_str().and_then(|text| {
                    $name::parse(text).ok_or(::rusqlite::types::FromSqlError::InvalidType)
                })
            }
        }
    };
}
