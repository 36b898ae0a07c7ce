//! `lanyard clients`.

use std::{fs, num::NonZeroU32};

use api::{ApiKey, ClientSecret, Scope};
use chrono::TimeDelta;
use model::{catalogue::Role, id::Slug};
use registry::{ClientLimits, LimitChange, NewApiKey, NewClient};
use secrecy::ExposeSecret;

use crate::{cli::Clients, context::Context, error::CommandError, output::say};

/// Registers, lists or stops API clients.
pub fn run(context: &Context, action: Clients) -> Result<(), CommandError> {
    match action {
        Clients::Add { provider, academy: _, name, scopes, jwks, api_key, days } => {
            let provider = provider
                // A body's own client endorses.
                .map(|provider| known_provider(context, &provider, &[Role::Provider, Role::Body]))
                .transpose()?;
            let client = new_client(context, provider, name, &scopes, jwks.as_deref())?;
            if api_key { add_with_api_key(context, client, days) } else { add(context, client) }
        }
        Clients::List => {
            for client in context.registry.clients()? {
                let provider = client.provider.as_ref().map_or("the Academy", Slug::as_str);
                let state =
                    client.disabled.map_or_else(|| "in force".to_owned(), |at| format!("stopped {at}"));
                let limits = own_limits(client.limits);
                say(format_args!(
                    "{}  {}  for {provider}  [{}]  {state}{limits}",
                    client.id,
                    client.name,
                    client.scopes.join(" ")
                ));
            }
            Ok(())
        }
        Clients::Usage { client, from, to } => {
            if context.registry.client(&client)?.is_none() {
                return Err(CommandError::Usage(format!("there is no client `{client}`")));
            }
            let to = to.unwrap_or_else(|| context.clock.now().date_naive());
            let from = from.or_else(|| to.checked_sub_signed(TimeDelta::days(29))).unwrap_or(to);
            for (day, usage) in context.registry.usage(&client, from, to)? {
                say(format_args!(
                    "{day}  {} requests  {} valid  {} invalid  {} undetermined  {} unreadable",
                    usage.requests, usage.valid, usage.invalid, usage.undetermined, usage.unreadable
                ));
            }
            Ok(())
        }
        Clients::Limit { client, requests_per_minute, watches, jobs, default } => {
            let to = ClientLimits { requests_per_minute, watches, jobs };
            let change = if default { LimitChange::Default } else { LimitChange::To(to) };
            limit(context, &client, change)
        }
        Clients::Revoke { client } => {
            if context.registry.disable_client(&client, context.clock.now())? {
                say(format_args!("{client} is stopped, with its keys and tokens"));
                Ok(())
            } else {
                Err(CommandError::Usage(format!("there is no client `{client}` in force")))
            }
        }
    }
}

/// Changes a client's limits, where that is asked for, and shows what they are and were.
fn limit(context: &Context, client: &str, change: LimitChange) -> Result<(), CommandError> {
    let now = if change == LimitChange::To(ClientLimits::default()) {
        let known = context.registry.client(client)?;
        known.ok_or_else(|| CommandError::Usage(format!("there is no client `{client}`")))?.limits
    } else {
        context.registry.limit_client(client, change, context.clock.now())?
    };
    let settings = &context.settings;
    let say_limit = |what: &str, own: Option<NonZeroU32>, setting: u32| {
        let (limit, whose) = own.map_or((setting, "by the settings"), |own| (own.get(), "its own"));
        say(format_args!("{what}: {limit} ({whose})"));
    };
    say_limit("requests a minute", now.requests_per_minute, settings.client_requests_per_minute);
    say_limit("watches", now.watches, settings.watches_per_client);
    say_limit("jobs", now.jobs, settings.jobs_per_client);
    for (at, limits) in context.registry.client_limit_changes(client)? {
        let own = own_limits(limits);
        say(format_args!("changed {at}:{}", if own.is_empty() { "  none of its own" } else { &own }));
    }
    Ok(())
}

/// A client's own limits after whatever else is said of it; nothing where it has none.
fn own_limits(limits: ClientLimits) -> String {
    let ClientLimits { requests_per_minute, watches, jobs } = limits;
    [(requests_per_minute, "requests a minute"), (watches, "watches"), (jobs, "jobs")]
        .into_iter()
        .filter_map(|(own, what)| Some(format!("  {} {what}", own?)))
        .collect()
}

fn new_client(
    context: &Context,
    provider: Option<Slug>,
    name: String,
    scopes: &[String],
    jwks: Option<&std::path::Path>,
) -> Result<NewClient, CommandError> {
    for scope in scopes {
        scope.parse::<Scope>().map_err(|error| CommandError::Usage(format!("--scopes: {error}")))?;
    }
    let jwks = jwks
        .map(|path| {
            let text = fs::read_to_string(path).map_err(|error| CommandError::file(path, error))?;
            serde_json::from_str(&text)
                .map_err(|error| CommandError::Usage(format!("{}: not a JWK Set: {error}", path.display())))
        })
        .transpose()?;
    let owner = provider.as_ref().map_or("academy", Slug::as_str);
    let (tail, ..) = context.entropy.uuid().as_fields();
    Ok(NewClient {
        id: format!("{owner}-{tail:08x}"),
        name,
        role: if provider.is_some() { "provider" } else { "registrar" }.to_owned(),
        provider,
        scopes: scopes.to_vec(),
        jwks,
        secret_hash: None,
    })
}

/// The provider of that name, which the catalogue must hold.
pub fn known_provider(context: &Context, text: &str, roles: &[Role]) -> Result<Slug, CommandError> {
    let provider: Slug = text.parse().map_err(|error| CommandError::Usage(format!("--provider: {error}")))?;
    let catalogue = context.registry.catalogue()?;
    let mut providers = catalogue.organisations.values().filter(|one| roles.iter().any(|role| one.is(*role)));
    if providers.clone().any(|organisation| organisation.slug == provider) {
        return Ok(provider);
    }
    if catalogue.organisations.is_empty() {
        let detail = "--provider: no catalogue is loaded; run `lanyard catalogue load` first";
        return Err(CommandError::Usage(detail.to_owned()));
    }
    let known: Vec<&str> = providers.by_ref().map(|organisation| organisation.slug.as_str()).collect();
    Err(CommandError::Usage(format!(
        "--provider: the catalogue has no provider `{provider}`; it has {}",
        known.join(", ")
    )))
}

fn add(context: &Context, mut client: NewClient) -> Result<(), CommandError> {
    let secret = client.jwks.is_none().then(|| ClientSecret::generate(context.entropy.as_ref()));
    client.secret_hash = secret.as_ref().map(ClientSecret::digest);
    store(context, &client)?;
    say(format_args!("client_id: {}", client.id));
    match secret {
        Some(secret) => say(format_args!(
            "client_secret: {}\nIt is not kept and cannot be shown again.",
            secret.text().expose_secret()
        )),
        None => say("It signs in by private_key_jwt with the keys of its JWK Set."),
    }
    Ok(())
}

fn add_with_api_key(context: &Context, client: NewClient, days: u32) -> Result<(), CommandError> {
    store(context, &client)?;
    let now = context.clock.now();
    let key = ApiKey::generate(context.entropy.as_ref());
    let expires = now + TimeDelta::days(i64::from(days));
    let stored = NewApiKey {
        prefix: key.prefix().to_owned(),
        hash: key.digest(),
        client: client.id.clone(),
        scopes: client.scopes,
        expires: Some(expires),
    };
    if !context.registry.create_api_key(&stored, now)? {
        return Err(CommandError::Usage("the key could not be stored; run the command again".to_owned()));
    }
    say(format_args!("client_id: {}", stored.client));
    say(format_args!("api_key: {}", key.text().expose_secret()));
    say(format_args!("It expires on {}; it is not kept and cannot be shown again.", expires.date_naive()));
    Ok(())
}

fn store(context: &Context, client: &NewClient) -> Result<(), CommandError> {
    if context.registry.create_client(client, context.clock.now())? {
        Ok(())
    } else {
        Err(CommandError::Usage(format!("there is a client `{}` already; run the command again", client.id)))
    }
}
