//! Creating users.

use super::audit::{self, Done};
use super::command::{Failure, NewUserSpec, Reply};
use super::keys;
use crate::clock;
use clew_store::relational::users::{self, NewUser};
use clew_store::relational::{Db, Role, accounts, password};

const SHORTEST_PASSWORD: usize = 12;

pub(super) async fn create(db: &Db, spec: NewUserSpec) -> Result<Reply, Failure> {
    let role: Role = keys::word(&spec.role, "role", Role::ALL.iter().map(|r| r.as_str()))?;
    let password = match &spec.password {
        None => None,
        Some(plain) if plain.chars().count() < SHORTEST_PASSWORD => {
            return Err(Failure::new(format!(
                "the password is too short; use {SHORTEST_PASSWORD} characters or more"
            )));
        }
        Some(plain) => Some(password::hash(plain).await?),
    };
    let new = NewUser {
        email: spec.email,
        name: spec.name.unwrap_or_default(),
        password,
        role,
    };
    let now = clock::now();
    let work = db.write_tx(move |tx| {
        Box::pin(async move {
            let account = accounts::default(tx, now).await?.id;
            let user = users::create(tx, account, new, now).await?;
            let done = Done {
                action: "user.create",
                account,
                site: None,
                subject: user.id.to_string(),
            };
            audit::note(tx, done, now).await?;
            Ok(user)
        })
    });
    let user = work.await?;
    Ok(Reply::User {
        id: user.id.to_string(),
        email: user.email,
        role: role.as_str().to_owned(),
    })
}
