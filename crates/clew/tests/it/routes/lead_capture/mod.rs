//! `POST /lead.capture`, and `POST /lead` and `POST /` as they used to be.

mod answers;
mod refusals;

use serde_json::{Value, json};

const CAPTURE: &str = "/lead.capture";

fn lead(submission: &str) -> Value {
    json!({
        "form_id": "contact",
        "submission_id": submission,
        "email": "jane@mail.example",
        "first_name": "Jane",
        "message": "<script>alert(1)</script>",
        "url": "https://shop.example/contact",
        "fields": { "budget": 5000 },
    })
}
