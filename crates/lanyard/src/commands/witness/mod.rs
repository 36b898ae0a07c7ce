//! `lanyard witness`: sees to it that a log only grows, and says so (C2SP
//! tlog-witness). It has a vault and a file of its own, away from the log's.

mod follow;
mod serve;
mod state;

use model::{
    chance::SystemEntropy,
    clock::{Clock as _, SystemClock},
    id::Slug,
};
use proof::{
    log::{
        AddCheckpoint, Checkpoint, Cosignature, NoteSignature, Refusal, SignatureKind, VerifierKey,
        cosigned_message, judge,
    },
    multikey::PublicKey,
};
use signing::{KeyPurpose, PublicMaterial, Vault};

use crate::{cli::Witness as Arguments, context, error::CommandError, output::say, settings::Settings};
use state::State;

/// Runs a witness.
pub fn run(settings: &Settings, arguments: &Arguments) -> Result<(), CommandError> {
    let witness = Witness::open(settings, arguments)?;
    say(format_args!("witness  {}", witness.key));
    match (&arguments.listen, &arguments.url) {
        (Some(listen), _) => serve::run(witness, listen),
        (None, Some(url)) => follow::run(&witness, settings.mode, url, arguments),
        (None, None) => Ok(()),
    }
}

/// A witness of one log.
pub struct Witness {
    vault: Vault,
    key: VerifierKey,
    log: Option<VerifierKey>,
    state: State,
}

impl Witness {
    fn open(settings: &Settings, arguments: &Arguments) -> Result<Self, CommandError> {
        let usage = |detail: String| CommandError::Usage(detail);
        let vault = context::open_or_create_vault(settings, &SystemEntropy)?;
        if vault.keys().active_for(KeyPurpose::Log).is_some() {
            return Err(usage(
                "these are the keys of a service, which is no witness of its own log; \
                 give the witness a folder and a secret of its own (LANYARD_KEYS_DIR, LANYARD_SECRET)"
                    .to_owned(),
            ));
        }
        if vault.keys().active_for(KeyPurpose::Witness).is_none() {
            let keeper = Slug::new("witness").map_err(|error| usage(error.to_string()))?;
            vault.generate_for(None, &keeper, &SystemClock, &SystemEntropy)?;
        }
        let keys = vault.keys();
        let record = keys.active_for(KeyPurpose::Witness).map(signing::Key::record);
        let public = record.and_then(|record| match &record.public {
            PublicMaterial::Multibase(text) => PublicKey::from_multibase(text).ok(),
            PublicMaterial::Jwk(_) => None,
        });
        let Some(PublicKey::Ed25519(public)) = public else {
            return Err(usage("the witness has no Ed25519 key".to_owned()));
        };
        let key = VerifierKey::new(&arguments.name, SignatureKind::Cosignature, public.to_bytes())
            .map_err(|error| usage(format!("--name: {error}")))?;
        let log = arguments.log_key.as_deref().map(str::parse).transpose();
        let log = log.map_err(|error| usage(format!("--log-key: {error}")))?;
        Ok(Self { vault, key, log, state: State::open(&arguments.state)? })
    }

    /// What it saw last.
    fn seen(&self) -> Result<Option<Checkpoint>, CommandError> {
        self.state.seen().map(|note| Checkpoint::of(&note)).transpose().map_err(CommandError::from)
    }

    /// Cosigns a checkpoint that its log has grown to, and keeps it before that is
    /// given away. One at a time.
    fn add(&self, request: &AddCheckpoint) -> Result<Result<NoteSignature, Refusal>, CommandError> {
        let Some(log) = &self.log else { return Ok(Err(Refusal::UnknownLog)) };
        let _held = self.state.hold();
        if let Err(refusal) = judge(self.seen()?.as_ref(), request, log) {
            return Ok(Err(refusal));
        }
        let timestamp = u64::try_from(SystemClock.now().timestamp()).unwrap_or(0);
        let message = cosigned_message(timestamp, request.checkpoint.text());
        let keys = self.vault.keys();
        let key = keys.active_for(KeyPurpose::Witness);
        let key = key.ok_or_else(|| CommandError::Usage("the witness has no key in force".to_owned()))?;
        let signature = key.sign_statement(KeyPurpose::Witness, &message)?;
        self.state.keep(&request.checkpoint)?;
        Ok(Ok(self.key.signature(Cosignature { timestamp, signature }.to_bytes())))
    }
}
