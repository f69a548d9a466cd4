//! Webhooks, told by a service that works step by step, to receivers on loopback.

mod deliveries;
mod load;
mod management;
mod parked;
mod stories;
mod terminal;

use std::sync::Arc;

use assay::app::App;
use assay::config::Places;
use assay::fetch::{Door, Limits};
use assay::workers::webhooks::step;
use axum::body::Body;
use axum::http::{Method, Request};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::app::{Reply, TestApp};
use crate::support::receiver::Receiver;

const WEBHOOKS: &str = "/api/v1/webhooks";

/// A service that may reach these receivers.
async fn service(receivers: &[&Receiver]) -> TestApp {
    reaching(TestApp::new().await, receivers, Limits::default())
}

fn reaching(service: TestApp, receivers: &[&Receiver], limits: Limits) -> TestApp {
    let allow = receivers.iter().map(|receiver| receiver.place.parse().unwrap()).collect();
    let clock = service.clock.clone();
    service.through(Door::new(Places { allow, ..Places::default() }, limits, clock))
}

/// Makes a webhook and answers it as it was shown, with its secret.
async fn hook(service: &TestApp, receiver: &Receiver, types: &[&str]) -> Value {
    let new = json!({ "url": receiver.url(), "types": types });
    service.post(WEBHOOKS, &new).await.expect(201).json()
}

fn address(hook: &Value, rest: &str) -> String {
    format!("{WEBHOOKS}/{}{rest}", hook["id"].as_str().unwrap())
}

async fn act(service: &TestApp, hook: &Value, verb: &str) -> Reply {
    service.post(&address(hook, &format!("/{verb}")), &json!({})).await
}

async fn send(service: &TestApp, method: Method, path: &str) -> Reply {
    let request =
        Request::builder().method(method).uri(path).header("authorization", format!("Bearer {}", service.live));
    service.send(request.body(Body::empty()).unwrap()).await
}

async fn get(service: &TestApp, path: &str) -> Value {
    send(service, Method::GET, path).await.expect(200).json()
}

/// The log, oldest first: what was tried, which attempt, what came of it.
async fn log(service: &TestApp, hook: &Value) -> Vec<(String, u64, u64)> {
    let page = get(service, &address(hook, "/deliveries?limit=200")).await;
    let line = |one: &Value| {
        let number = |name: &str| one[name].as_u64().unwrap_or(0);
        (one["type"].as_str().unwrap().to_owned(), number("attempt"), number("status"))
    };
    page["data"].as_array().unwrap().iter().rev().map(line).collect()
}

/// Steps until there is nothing to do at this moment; answers whether there was anything.
async fn work(app: &Arc<App>) -> bool {
    let mut worked = false;
    for _ in 0..100 {
        if !step(app).await.unwrap() {
            return worked;
        }
        worked = true;
    }
    panic!("the worker finds no end");
}

/// Lets time pass, then works.
async fn later(service: &TestApp, by: TimeDelta) {
    service.clock.advance(by);
    work(&service.app).await;
}

fn person(n: usize) -> Value {
    json!({ "name": format!("Person {n}"), "email": format!("person{n}@partner.example") })
}
