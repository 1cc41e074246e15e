//! Accounts, people and their sessions, made without the detour over links.

use super::TestApp;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use clew_store::relational::sites::NewSite;
use clew_store::relational::user_sessions::{self, NewUserSession};
use clew_store::relational::users::{self, NewUser};
use clew_store::relational::{Role, accounts, password, site_roles, sites};
use std::collections::BTreeMap;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: RowId,
    pub(crate) email: String,
    /// Value of the `Cookie` header.
    pub(crate) cookie: String,
}

impl TestApp {
    /// The account that the command line works in.
    pub(crate) async fn account(&self) -> RowId {
        accounts::list(self.app.db.read()).await.unwrap()[0].id
    }

    pub(crate) async fn other_account(&self) -> RowId {
        let now = clew::clock::now();
        let made = self
            .app
            .db
            .write_tx(move |tx| {
                Box::pin(async move { accounts::create(tx, "Elsewhere", now).await })
            })
            .await;
        made.unwrap().id
    }

    pub(crate) async fn site_in(&self, account: RowId, name: &str) -> SiteId {
        let new = NewSite::named(name);
        let now = clew::clock::now();
        let made = self
            .app
            .db
            .write_tx(move |tx| Box::pin(async move { sites::create(tx, account, new, now).await }))
            .await;
        self.app.policies_changed().await.unwrap();
        made.unwrap().id
    }

    /// A user with a password and a session.
    pub(crate) async fn person(
        &self,
        account: RowId,
        role: Option<Role>,
        roles: &[(SiteId, Role)],
    ) -> Person {
        let email = format!("{}@example.com", uuid::Uuid::new_v4().simple());
        let new = NewUser {
            email: email.clone(),
            name: "Some Body".into(),
            password: Some(password::hash(PASSWORD).await.unwrap()),
            role,
        };
        let roles: BTreeMap<_, _> = roles.iter().copied().collect();
        let now = clew::clock::now();
        let made = self.app.db.write_tx(move |tx| {
            Box::pin(async move {
                let user = users::create(tx, account, new, now).await?;
                site_roles::replace(tx, account, user.id, &roles, now).await?;
                let session = NewUserSession {
                    user: user.id,
                    account,
                    user_agent: "test".into(),
                    expires_at: now.plus(EpochMs::DAY),
                };
                let (token, _) = user_sessions::create(tx, session, now).await?;
                Ok((user.id, token))
            })
        });
        let (id, token) = made.await.unwrap();
        Person {
            id,
            email,
            cookie: format!("clew={}", token.as_str()),
        }
    }

    /// A header with an access token for this proof: `{email, password}` or `{api_key}`.
    pub(crate) async fn token(&self, proof: &serde_json::Value) -> (&'static str, String) {
        let reply = self
            .request("POST", "/v1/auth/token")
            .json(proof)
            .send()
            .await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let token = reply.json()["access_token"].as_str().unwrap().to_owned();
        ("authorization", format!("Bearer {token}"))
    }

    pub(crate) async fn owner(&self) -> Person {
        self.person(self.account().await, Some(Role::Owner), &[])
            .await
    }
}
