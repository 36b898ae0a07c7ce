//! One stay with the token: its library started, its slot found, sessions that
//! are signed in and lent out one at a time.

use std::{
    collections::HashMap,
    sync::{Condvar, Mutex, PoisonError, RwLock},
};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::{Error, RvError},
    mechanism::MechanismType,
    object::{Attribute, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    slot::Slot,
};
use secrecy::SecretString;
use signing::TokenFault;

use crate::{Access, fault::Failure};

/// Sessions at a time: tokens have few, and work in turn anyway.
const SESSIONS: usize = 16;

pub(crate) struct Connection {
    context: Pkcs11,
    slot: Slot,
    pin: SecretString,
    pool: Mutex<Pool>,
    returned: Condvar,
    /// The private keys found so far, by name.
    handles: RwLock<HashMap<String, ObjectHandle>>,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Session>,
    lent: usize,
}

impl Connection {
    /// Starts the library, and finds the slot. Signs in to see whether the PIN
    /// is the token's.
    pub(crate) fn open(access: &Access) -> Result<Self, TokenFault> {
        let context = Pkcs11::new(&access.module)
            .map_err(|error| TokenFault::Module(format!("{}: {error}", access.module.display())))?;
        match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(Failure::from(error).fault),
        }
        match slot(&context, &access.label) {
            Ok(slot) => Ok(Self {
                context,
                slot,
                pin: access.pin.clone(),
                pool: Mutex::default(),
                returned: Condvar::new(),
                handles: RwLock::default(),
            }),
            Err(fault) => {
                // So that the next try sees the slots as they then are.
                let _ = context.finalize();
                Err(fault)
            }
        }
    }

    /// Ends the stay. Everything about it is forgotten by the library.
    pub(crate) fn close(self) {
        let Self { context, pool, .. } = self;
        drop(pool);
        // It may be gone already; there is nothing to do about it.
        let _ = context.finalize();
    }

    /// Does `work` in a session that is signed in and reads.
    pub(crate) fn reading<T>(&self, work: impl FnOnce(&Session) -> Result<T, Failure>) -> Result<T, Failure> {
        let (seat, session) = self.lend()?;
        let done = work(&session);
        // One that failed may be in the midst of something: it is closed.
        if done.is_ok() {
            self.pool.lock().unwrap_or_else(PoisonError::into_inner).idle.push(session);
        }
        drop(seat);
        done
    }

    /// Does `work` in a session of its own that is signed in and writes.
    pub(crate) fn writing<T>(&self, work: impl FnOnce(&Session) -> Result<T, Failure>) -> Result<T, Failure> {
        let session = self.context.open_rw_session(self.slot)?;
        self.sign_in(&session)?;
        work(&session)
    }

    /// The private key of this name.
    pub(crate) fn private_key(&self, session: &Session, id: &str) -> Result<ObjectHandle, Failure> {
        if let Some(known) = self.handles.read().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(*known);
        }
        let wanted = [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Id(id.as_bytes().to_vec())];
        match session.find_objects(&wanted)?.as_slice() {
            [] => Err(TokenFault::NoKey(id.to_owned()).into()),
            [key] => {
                self.handles.write().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), *key);
                Ok(*key)
            }
            _ => Err(TokenFault::Wrong(format!("it has several keys `{id}`")).into()),
        }
    }

    /// The token's maker and model, and which of our algorithms it knows.
    pub(crate) fn describe(&self) -> Result<String, Failure> {
        self.reading(|_| Ok(()))?;
        let info = self.context.get_token_info(self.slot)?;
        let mechanisms = self.context.get_mechanism_list(self.slot)?;
        let known = [("Ed25519", MechanismType::EDDSA), ("ES256", MechanismType::ECDSA)]
            .into_iter()
            .filter(|(_, mechanism)| mechanisms.contains(mechanism))
            .map(|(name, _)| name)
            .collect::<Vec<_>>();
        if known.is_empty() {
            return Err(TokenFault::Unable("sign by Ed25519 or ES256".to_owned()).into());
        }
        let (maker, model) = (info.manufacturer_id().trim(), info.model().trim());
        Ok(format!("{maker} {model} answers; it signs by {}", known.join(" and ")))
    }

    fn lend(&self) -> Result<(Seat<'_>, Session), Failure> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        while pool.lent >= SESSIONS {
            pool = self.returned.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        pool.lent += 1;
        let idle = pool.idle.pop();
        drop(pool);
        let seat = Seat(self);
        if let Some(session) = idle {
            return Ok((seat, session));
        }
        let session = self.context.open_ro_session(self.slot)?;
        self.sign_in(&session)?;
        Ok((seat, session))
    }

    /// All sessions of a program with a token are signed in when one is.
    fn sign_in(&self, session: &Session) -> Result<(), Failure> {
        match session.login(UserType::User, Some(&self.pin)) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The right to one of the sessions, given up when dropped.
struct Seat<'a>(&'a Connection);

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let mut pool = self.0.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.lent = pool.lent.saturating_sub(1);
        drop(pool);
        self.0.returned.notify_one();
    }
}

/// The one slot whose token has this label.
fn slot(context: &Pkcs11, label: &str) -> Result<Slot, TokenFault> {
    let slots = context.get_slots_with_token().map_err(|error| Failure::from(error).fault)?;
    let mut found = Vec::new();
    let mut labels = Vec::new();
    for slot in slots {
        let Ok(info) = context.get_token_info(slot) else { continue };
        if !info.token_initialized() {
            continue;
        }
        let theirs = info.label().trim_end().to_owned();
        if theirs == label {
            found.push(slot);
        }
        labels.push(format!("`{theirs}`"));
    }
    match (found.as_slice(), labels.is_empty()) {
        ([slot], _) => Ok(*slot),
        ([], true) => Err(TokenFault::NotFound("no slot holds a token".to_owned())),
        ([], false) => Err(TokenFault::NotFound(format!(
            "no slot holds a token of this label; there are {}",
            labels.join(", ")
        ))),
        _ => Err(TokenFault::NotFound("several slots hold a token of this label".to_owned())),
    }
}
