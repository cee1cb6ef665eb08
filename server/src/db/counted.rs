//! Pools and transactions that count what goes wrong on the database's side.
//!
//! Whatever runs on them is counted once, where it fails; what callers make of
//! it is theirs. A row that cannot be read is a fault of this program and no
//! error of the database.

use std::sync::Arc;

use futures::{FutureExt, StreamExt, TryFutureExt, future::BoxFuture, stream::BoxStream};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family},
};
use sqlx::{
    Any, AnyPool, Describe, Either, Error, Execute, Executor, SqlStr, Transaction,
    any::{AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo},
};

/// Whatever an executor gives step by step.
type Step = Result<Either<AnyQueryResult, AnyRow>, Error>;

/// What went wrong, as a label has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByKind {
    kind: &'static str,
}

/// All kinds, so that each is told as 0 before it happens.
const KINDS: [&str; 7] = [
    "busy",
    "connection",
    "constraint",
    "full",
    "other",
    "refused",
    "timeout",
];

/// How often the database failed, by kind. Clones are handles on the same.
#[derive(Debug, Clone)]
pub struct DatabaseErrors(Family<ByKind, Counter>);

impl DatabaseErrors {
    pub(super) fn new() -> Self {
        let family = Family::default();
        for kind in KINDS {
            drop(family.get_or_create(&ByKind { kind }));
        }
        Self(family)
    }

    /// Shows the numbers.
    pub(crate) fn register(&self, registry: &mut prometheus_client::registry::Registry) {
        registry.register(
            "meetframe_database_errors",
            "Statements that the database did not do, by kind",
            self.0.clone(),
        );
    }

    pub(super) fn count(&self, error: &Error) {
        if let Some(kind) = kind(error) {
            self.0.get_or_create(&ByKind { kind }).inc();
        }
    }
}

/// None for what is no failure of the database.
fn kind(error: &Error) -> Option<&'static str> {
    Some(match error {
        Error::Database(error) => {
            let code = error.code();
            match code.as_deref() {
                _ if error.kind() != sqlx::error::ErrorKind::Other => "constraint",
                Some(code) => match code.parse() {
                    // SQLite's are numbers, with an extension in the upper bits
                    Ok(number) if code.len() < 5 => sqlite(number),
                    _ => postgres(code),
                },
                None => "other",
            }
        }
        Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::WorkerCrashed => "connection",
        Error::PoolTimedOut => "timeout",
        // the server is stopping
        Error::PoolClosed | Error::RowNotFound => return None,
        _ => "other",
    })
}

/// <https://sqlite.org/rescode.html>
fn sqlite(code: u32) -> &'static str {
    match code & 0xff {
        // BUSY, LOCKED
        5 | 6 => "busy",
        // IOERR, CANTOPEN
        10 | 14 => "connection",
        // FULL
        13 => "full",
        // PERM, READONLY, TOOBIG, CONSTRAINT's siblings of datatypes, AUTH
        3 | 8 | 18 | 20 | 23 => "refused",
        _ => "other",
    }
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn postgres(state: &str) -> &'static str {
    match (state.get(..2), state) {
        (_, "40001" | "40P01" | "55P03") => "busy",
        (_, "53100") => "full",
        (_, "57014") => "timeout",
        // connection exceptions, too many connections, the server stops
        (Some("08" | "53" | "57"), _) => "connection",
        // a value that cannot be, rights that are missing, a read-only server
        (Some("22" | "25" | "28" | "42"), _) => "refused",
        _ => "other",
    }
}

/// A pool that counts.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    pool: AnyPool,
    errors: Arc<DatabaseErrors>,
}

impl Pool {
    pub(super) fn new(pool: AnyPool, errors: &Arc<DatabaseErrors>) -> Self {
        Self {
            pool,
            errors: Arc::clone(errors),
        }
    }

    pub(super) async fn begin_with(&self, statement: &'static str) -> Result<Work, Error> {
        let begun = self.pool.begin_with(statement).await;
        let transaction = begun.inspect_err(|error| self.errors.count(error))?;
        Ok(Work {
            transaction,
            errors: Arc::clone(&self.errors),
        })
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

/// A transaction that counts. What is not committed did not happen.
#[derive(Debug)]
pub(super) struct Work {
    transaction: Transaction<'static, Any>,
    errors: Arc<DatabaseErrors>,
}

impl Work {
    pub(super) async fn commit(self) -> Result<(), Error> {
        let done = self.transaction.commit().await;
        done.inspect_err(|error| self.errors.count(error))
    }
}

macro_rules! counted {
    ($($on:ty, $self:ident => $inner:expr;)*) => { $(
        impl<'c> Executor<'c> for $on {
            type Database = Any;

            fn fetch_many<'e, 'q: 'e, E>($self, query: E) -> BoxStream<'e, Step>
            where
                'c: 'e,
                E: 'q + Execute<'q, Any>,
            {
                let errors = Arc::clone(&$self.errors);
                let steps = $inner.fetch_many(query);
                steps.inspect(move |step| _ = step.as_ref().inspect_err(|e| errors.count(e))).boxed()
            }

            fn fetch_optional<'e, 'q: 'e, E>(
                $self,
                query: E,
            ) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
            where
                'c: 'e,
                E: 'q + Execute<'q, Any>,
            {
                let errors = Arc::clone(&$self.errors);
                let row = $inner.fetch_optional(query);
                row.inspect_err(move |error| errors.count(error)).boxed()
            }

            fn prepare_with<'e>(
                $self,
                sql: SqlStr,
                parameters: &'e [AnyTypeInfo],
            ) -> BoxFuture<'e, Result<AnyStatement, Error>>
            where
                'c: 'e,
            {
                let errors = Arc::clone(&$self.errors);
                let statement = $inner.prepare_with(sql, parameters);
                statement.inspect_err(move |error| errors.count(error)).boxed()
            }

            // for sqlx's macros, which nobody runs on this
            fn describe<'e>($self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Any>, Error>>
            where
                'c: 'e,
            {
                $inner.describe(sql)
            }
        }
    )* };
}

counted! {
    &'c Pool, self => (&self.pool);
    &'c mut Work, self => (&mut *self.transaction);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_have_a_kind() {
        assert_eq!(
            [sqlite(517), sqlite(13), sqlite(1)],
            ["busy", "full", "other"]
        );
        assert_eq!(
            [postgres("22021"), postgres("57P01")],
            ["refused", "connection"]
        );
        for kind in [sqlite(5), sqlite(14), sqlite(8), postgres("57014")] {
            assert!(KINDS.contains(&kind));
        }
    }

    #[test]
    fn what_ends_with_the_server_is_no_error() {
        assert_eq!(kind(&Error::PoolClosed), None);
        assert_eq!(kind(&Error::PoolTimedOut), Some("timeout"));
    }
}
