//! Commands of the command line: text in, text out, in the oldest account.

use super::command::{Command, Failure, NewKeySpec, NewSiteSpec, NewUserSpec, Reply, SiteView};
use super::{Acting, keys, sites, users};
use crate::clock;
use clew_store::relational::keys::{KeySites, NewKey};
use clew_store::relational::sites::{NewSite, Site};
use clew_store::relational::users::NewUser;
use clew_store::relational::{Db, KeyRole, Role, Scope, Token, accounts, password};
use clew_store::relational::{sites as stored_sites, users as stored_users};
use std::collections::{BTreeMap, BTreeSet};

type Outcome = Result<Reply, Failure>;

/// Runs a command that needs the relational store only. `url` is the address under which browsers
/// reach the server, for links: the one that serves knows it best.
pub async fn execute(db: &Db, url: &str, command: Command) -> Outcome {
    match command {
        Command::SiteCreate(spec) => create_site(db, spec).await,
        Command::SiteList => list_sites(db).await,
        Command::KeyCreate(spec) => create_key(db, spec).await,
        Command::UserCreate(spec) => create_user(db, url, spec).await,
        Command::UserReset { email } => reset_user(db, url, &email).await,
        Command::Rebuild
        | Command::Erase(_)
        | Command::ErasureStatus { .. }
        | Command::PrivacyVerify { .. } => Err(Failure::new(
            "this takes all stores, which only a server has open",
        )),
        Command::AuditVerify => Err(Failure::new("the audit log is read by who holds its key")),
        Command::Ping => Ok(Reply::Pong {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
        }),
    }
}

pub(super) async fn operator(db: &Db) -> Result<Acting, Failure> {
    let now = clock::now();
    let account = db
        .write_tx(move |tx| Box::pin(async move { accounts::default(tx, now).await }))
        .await?;
    Ok(Acting::operator(account.id))
}

async fn create_site(db: &Db, spec: NewSiteSpec) -> Outcome {
    let mut new = NewSite::named(spec.name);
    new.slug = spec.slug;
    new.domains = spec.domains;
    if let Some(zone) = spec.time_zone {
        new.time_zone = zone;
    }
    let site = sites::create(db, operator(db).await?, new).await?;
    Ok(Reply::Site(view(site)))
}

async fn list_sites(db: &Db) -> Outcome {
    let mut views = Vec::new();
    for account in accounts::list(db.read()).await? {
        let sites = stored_sites::list(db.read(), account.id).await?;
        views.extend(sites.into_iter().map(view));
    }
    Ok(Reply::Sites { sites: views })
}

async fn create_key(db: &Db, spec: NewKeySpec) -> Outcome {
    let role: KeyRole = word(&spec.role, "role", KeyRole::ALL.iter().map(|r| r.as_str()))?;
    let mut scopes = BTreeSet::new();
    for scope in &spec.scopes {
        let known = Scope::ALL.iter().map(|s| s.as_str());
        scopes.insert(word::<Scope>(scope, "scope", known)?);
    }
    let by = operator(db).await?;
    let mut only = BTreeSet::new();
    for site in &spec.sites {
        only.insert(stored_sites::find(db.read(), by.account, site).await?.id);
    }
    let new = NewKey {
        name: spec.name.unwrap_or_else(|| format!("{} key", spec.role)),
        role,
        scopes: (!scopes.is_empty()).then_some(scopes),
        sites: if only.is_empty() {
            KeySites::All
        } else {
            KeySites::Only(only)
        },
        expires_at: None,
        visible_pages: None,
    };
    let created = keys::create(db, by, new).await?;
    let scopes = created.key.scopes.iter();
    Ok(Reply::Key {
        prefix: created.key.prefix,
        role: created.key.role.as_str().to_owned(),
        scopes: scopes.map(|scope| scope.as_str().to_owned()).collect(),
        key: created.secret,
    })
}

async fn create_user(db: &Db, url: &str, spec: NewUserSpec) -> Outcome {
    let role: Role = word(&spec.role, "role", Role::ALL.iter().map(|r| r.as_str()))?;
    let password = match &spec.password {
        None => None,
        Some(plain) => Some(password::hash(plain).await?),
    };
    let new = NewUser {
        email: spec.email,
        name: spec.name.unwrap_or_default(),
        password,
        role: Some(role),
    };
    let made = users::create(db, operator(db).await?, new, BTreeMap::new()).await?;
    Ok(Reply::User {
        id: made.user.id.to_string(),
        email: made.user.email,
        role: role.as_str().to_owned(),
        link: made.link.map(|(token, _)| link_to(url, &token)),
    })
}

async fn reset_user(db: &Db, url: &str, email: &str) -> Outcome {
    let by = operator(db).await?;
    let user = stored_users::by_email(db.read(), email).await?;
    let user = user.ok_or_else(|| Failure::new(format!("there is no user {email:?}")))?;
    let (user, token, _) = users::link(db, by, user.id).await?;
    Ok(Reply::Link {
        email: user.email,
        link: link_to(url, &token),
    })
}

/// The token stands behind the `#`, so that it reaches no server's log.
pub fn link_to(url: &str, token: &Token) -> String {
    format!("{url}/app/link#{}", token.as_str())
}

fn view(site: Site) -> SiteView {
    SiteView {
        id: site.id.to_string(),
        slug: site.slug,
        name: site.name,
        domains: site.domains,
        write_key: site.write_key,
        time_zone: site.time_zone,
    }
}

/// Parses one of a closed set of words; the failure lists them.
fn word<T: std::str::FromStr>(
    given: &str,
    what: &str,
    known: impl Iterator<Item = &'static str>,
) -> Result<T, Failure> {
    let known: Vec<_> = known.collect();
    let parsed = given.parse();
    parsed.map_err(|_| {
        let known = known.join(", ");
        Failure::new(format!("unknown {what} {given:?}; use one of {known}"))
    })
}
