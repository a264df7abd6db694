//! The line over a socket: what comes is answered, silence ends it, and so does
//! whatever ends the respondent's way.

use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::header::UPGRADE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::from_here;
use crate::surveys::live::exchange::{Answer, Exchange, Live};
use crate::surveys::live::model::HEAVIEST;
use crate::surveys::live::refusal::Refusal;
use crate::web::{Error, Inside, Origin, Result};

/// How often somebody looks whether it may go on.
const ROUND: Duration = Duration::from_secs(3);
/// How often the other side is asked for a sign of life, in rounds.
const PING: u32 = 5;
/// Without any sign of life it is gone; without a hello it never was there.
const SILENCE: Duration = Duration::from_secs(40);
const NO_HELLO: Duration = Duration::from_secs(10);
/// A page nobody does anything on holds its place for that long.
const IDLE: Duration = Duration::from_mins(15);
/// Whoever takes no answer is not waited for.
const SENDING: Duration = Duration::from_secs(10);
/// What a socket holds in memory between two messages, at most.
const BUFFER: usize = 4 << 10;

pub(super) async fn open(
    State(live): State<Live>,
    Path(slug): Path<String>,
    origin: Origin,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response> {
    let of = live.at(&slug).await?;
    let Ok(upgrade) = upgrade else {
        let wanted = [(UPGRADE, "websocket")];
        return Ok((StatusCode::UPGRADE_REQUIRED, wanted).into_response());
    };
    from_here(&origin, &headers)?;
    let place = live.places.take().ok_or(Error::Busy)?;
    let exchange = Exchange::new(live, of, place);
    let upgrade = upgrade
        .max_message_size(HEAVIEST)
        .max_frame_size(HEAVIEST)
        .read_buffer_size(BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(HEAVIEST);
    let mut switched = upgrade.on_upgrade(|socket| talk(socket, exchange));
    // It has a place of its own, among the sockets.
    switched.extensions_mut().insert(Inside);
    Ok(switched)
}

/// When something was heard last, and when it was something to keep.
struct Heard {
    any: Instant,
    events: Instant,
}

async fn talk(mut socket: WebSocket, mut exchange: Exchange) {
    let why = listen(&mut socket, &mut exchange).await;
    if let Some(why) = why {
        if let Refusal::Store(error) = &why {
            tracing::warn!("what a respondent's page noted could not be kept: {error}");
        }
        let frame = CloseFrame {
            code: why.code(),
            reason: said(&why).into(),
        };
        let _ = timeout(SENDING, socket.send(Message::Close(Some(frame)))).await;
    }
}

/// What is broken here is in the log, and nobody else's business.
fn said(why: &Refusal) -> String {
    match why {
        Refusal::Store(_) => "something broke on our side".to_owned(),
        other => other.to_string(),
    }
}

/// Until the other side leaves, or there is a reason to.
async fn listen(socket: &mut WebSocket, exchange: &mut Exchange) -> Option<Refusal> {
    let mut round = interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (now, mut rounds) = (Instant::now(), 0_u32);
    let mut heard = Heard {
        any: now,
        events: now,
    };
    loop {
        let step = tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(message)) => hear(socket, exchange, (message, &mut heard)).await,
                // Too much for one message, or no message at all.
                Some(Err(error)) => Err(broken(&error)),
                None => return None,
            },
            _ = round.tick() => {
                rounds = rounds.wrapping_add(1);
                look(socket, exchange, (&heard, rounds)).await
            }
        };
        match step {
            Ok(true) => {}
            Ok(false) => return None,
            Err(why) => return Some(why),
        }
    }
}

fn broken(error: &axum::Error) -> Refusal {
    if error.to_string().contains("too long") {
        Refusal::TooLarge
    } else {
        Refusal::Malformed
    }
}

/// Answers one message. Does it go on?
async fn hear(
    socket: &mut WebSocket,
    exchange: &mut Exchange,
    (message, heard): (Message, &mut Heard),
) -> Result<bool, Refusal> {
    heard.any = Instant::now();
    match message {
        Message::Text(text) => {
            let answer = match exchange.hear(&text).await? {
                Answer::Word(word) => Message::Text(word.into()),
                Answer::Ack(ack) => {
                    heard.events = heard.any;
                    Message::Text(ack.into())
                }
            };
            Ok(send(socket, answer).await)
        }
        Message::Binary(_) => Err(Refusal::Malformed),
        Message::Ping(_) | Message::Pong(_) => Ok(true),
        Message::Close(_) => Ok(false),
    }
}

/// What is looked at in every round. Does it go on?
async fn look(
    socket: &mut WebSocket,
    exchange: &Exchange,
    (heard, rounds): (&Heard, u32),
) -> Result<bool, Refusal> {
    exchange.still().await?;
    let patience = if exchange.is_known() {
        SILENCE
    } else {
        NO_HELLO
    };
    if heard.any.elapsed() > patience || heard.events.elapsed() > IDLE {
        return Err(Refusal::Silent);
    }
    if rounds.is_multiple_of(PING) {
        return Ok(send(socket, Message::Ping(Bytes::new())).await);
    }
    Ok(true)
}

/// Was it taken?
async fn send(socket: &mut WebSocket, message: Message) -> bool {
    matches!(timeout(SENDING, socket.send(message)).await, Ok(Ok(())))
}
