//! The database as it was at one moment, read over several connections at once.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use diesel::{
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    prelude::*,
    r2d2::PooledConnection,
    sql_types::Text,
};

use crate::{
    Registry, RegistryError,
    db::{Access, Db, begin, each, transaction},
    open::held,
    pool::Manager,
};

/// Connections, each in a transaction that sees what the others see.
pub(crate) struct Moment {
    connections: Vec<PooledConnection<Manager>>,
}

impl Registry {
    /// As many connections to one moment as are to be had, at most `most`.
    pub(crate) fn moment(&self, most: u32) -> Result<Moment, RegistryError> {
        let mut moment = Moment { connections: vec![self.connection()?] };
        // A replica is not asked to hold a moment for others.
        for _ in 1..if self.is_read_only() { 1 } else { most } {
            moment.connections.extend(self.idle_connection());
        }
        match self.file() {
            Some(_) if moment.connections.len() > 1 => {
                // Nobody writes while they begin.
                self.in_turn(|db| transaction(db, Access::Write, |_| moment.begin_in_file()))?;
            }
            Some(_) => moment.begin_in_file()?,
            None => moment.begin_on_server()?,
        }
        Ok(moment)
    }
}

impl Moment {
    fn begin_in_file(&mut self) -> Result<(), RegistryError> {
        for kept in &mut self.connections {
            begin(&mut kept.db, Access::Snapshot)?;
            // The first statement is when SQLite looks at the file.
            each!(&mut kept.db, connection => connection.batch_execute("SELECT 1 FROM meta LIMIT 1"))?;
        }
        Ok(())
    }

    fn begin_on_server(&mut self) -> Result<(), RegistryError> {
        let mut exported: Option<String> = None;
        for kept in &mut self.connections {
            begin(&mut kept.db, Access::Snapshot)?;
            let Db::Postgres(connection) = &mut kept.db else { continue };
            if let Some(name) = &exported {
                connection.batch_execute(&format!("SET TRANSACTION SNAPSHOT '{name}'"))?;
            }
            connection.batch_execute("SET LOCAL statement_timeout = 0")?;
            if exported.is_none() {
                let found: Exported =
                    diesel::sql_query("SELECT pg_export_snapshot() AS name").get_result(connection)?;
                exported = Some(found.name);
            }
        }
        Ok(())
    }

    /// Does every task on whichever connection is free; the answers in their order.
    pub(crate) fn share<T: Sync, R: Send>(
        &mut self,
        tasks: &[T],
        work: impl Fn(&mut Db, &T) -> Result<R, RegistryError> + Sync,
    ) -> Result<Vec<R>, RegistryError> {
        let next = AtomicUsize::new(0);
        let done: Mutex<Vec<(usize, R)>> = Mutex::default();
        let work_on = |kept: &mut PooledConnection<Manager>| -> Result<(), RegistryError> {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(task) = tasks.get(at) else { return Ok(()) };
                let answer = work(&mut kept.db, task)?;
                held(&done).push((at, answer));
            }
        };
        thread::scope(|scope| {
            let start = |kept| scope.spawn(|| work_on(kept));
            let workers: Vec<_> = self.connections.iter_mut().map(start).collect();
            let broke_off = |_| Err(RegistryError::Unavailable("a look at the tables broke off".to_owned()));
            workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(broke_off))
        })?;
        let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        done.sort_by_key(|(at, _)| *at);
        Ok(done.into_iter().map(|(_, answer)| answer).collect())
    }

    /// Does something on one of them.
    pub(crate) fn look<R>(
        &mut self,
        work: impl FnOnce(&mut Db) -> Result<R, RegistryError>,
    ) -> Result<R, RegistryError> {
        let nobody = || RegistryError::Unavailable("there is no connection".to_owned());
        work(&mut self.connections.first_mut().ok_or_else(nobody)?.db)
    }
}

impl Drop for Moment {
    fn drop(&mut self) {
        for kept in &mut self.connections {
            // The pool drops a connection that is still in a transaction.
            let ended =
                each!(&mut kept.db, connection => AnsiTransactionManager::rollback_transaction(connection));
            kept.worked(ended.is_ok());
        }
    }
}

#[derive(QueryableByName)]
struct Exported {
    #[diesel(sql_type = Text)]
    name: String,
}
