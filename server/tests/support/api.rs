//! A backend that uses the REST API.

use server::{
    accounts::{NewToken, Scope},
    clock::Now,
    room_key::TenantId,
};

use super::{
    TestServer,
    http::{self, Response},
};

/// A backend with a token, that knows the server by a name.
pub struct Backend<'a> {
    server: &'a TestServer,
    pub token: String,
    pub host: String,
}

impl TestServer {
    /// A permanent token for all tenants.
    pub async fn token(&self, scopes: &[Scope]) -> String {
        self.token_for(scopes, None).await
    }

    /// A permanent token for one tenant.
    pub async fn token_for(&self, scopes: &[Scope], tenant: Option<&str>) -> String {
        let new = NewToken {
            name: "test".to_owned(),
            scopes: scopes.iter().copied().collect(),
            tenant: tenant.map(TenantId::new),
            expires_at: None,
        };
        let accounts = self.server().accounts();
        let made = accounts.create_token(new, Now::read().unix).await;
        made.expect("a token").1.expose().to_owned()
    }

    /// A backend that may do this.
    pub async fn backend(&self, scopes: &[Scope]) -> Backend<'_> {
        self.backend_with(&self.token(scopes).await)
    }

    /// A backend that may do everything.
    pub async fn admin(&self) -> Backend<'_> {
        self.backend(&Scope::ALL).await
    }

    /// A backend with this token, good or not.
    pub fn backend_with(&self, token: &str) -> Backend<'_> {
        Backend {
            server: self,
            token: token.to_owned(),
            host: self.address().to_string(),
        }
    }
}

impl Backend<'_> {
    /// The same with another name of the server.
    pub fn of(self, host: &str) -> Self {
        let host = host.to_owned();
        Self { host, ..self }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.send(&format!("GET {path}"), &[], "").await
    }

    pub async fn delete(&self, path: &str) -> Response {
        self.send(&format!("DELETE {path}"), &[], "").await
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: &serde_json::Value) -> Response {
        self.send_json(&format!("POST {path}"), &[], body).await
    }

    /// Sends JSON: `what` is the method and the path, `headers` are whole lines.
    pub async fn send_json(
        &self,
        what: &str,
        headers: &[&str],
        body: &serde_json::Value,
    ) -> Response {
        let json = ["Content-Type: application/json"];
        let headers = [&json, headers].concat();
        self.send(what, &headers, &body.to_string()).await
    }

    /// Sends anything.
    pub async fn send(&self, what: &str, headers: &[&str], body: &str) -> Response {
        let host = format!("Host: {}", self.host);
        let token = format!("Authorization: Bearer {}", self.token);
        let own = [host.as_str(), token.as_str()];
        let headers = [&own, headers].concat();
        http::request(self.server.address(), what, &headers, body).await
    }
}

/// That it is problem details with this status and code.
pub fn assert_problem(response: &Response, status: u16, code: &str) {
    assert_eq!(response.status, status, "{}", response.text());
    let kind = response.header("content-type");
    assert_eq!(kind, "application/problem+json");
    let body = response.json();
    assert_eq!(body["code"], code, "{body}");
    assert_eq!(body["status"], status, "{body}");
    assert_eq!(body["errors"][0], body["detail"], "{body}");
    assert_eq!(body["type"], format!("/api/errors#{code}"), "{body}");
}
