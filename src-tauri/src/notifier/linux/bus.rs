//! What is said over the session bus: `org.freedesktop.Notifications` of the Desktop Notifications Specification.

use engine::notify::Notice;
use futures_util::StreamExt;
use std::collections::HashMap;
use std::time::Duration;
use zbus::connection::Builder;
use zbus::message::{Message, Sequence, Type};
use zbus::zvariant::Value;
use zbus::{Connection, Error, MatchRule, MessageStream};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// The name of the installed `.desktop` file: the desktop finds name and icon by it.
const DESKTOP_ENTRY: &str = "Kontor";
/// The system may have to start the daemon first.
const PATIENCE: Duration = Duration::from_secs(10);
/// The daemon decides how long it stays.
const DAEMONS_CHOICE: i32 = -1;
/// Signals that wait for us, of every program's notifications.
const QUEUED: usize = 64;

/// When a message came in, among all others of the connection.
pub type Moment = Sequence;

/// A click or an end.
pub struct Event<At> {
    pub id: u32,
    pub at: At,
    pub is_click: bool,
}

/// Our connection.
pub struct Bus {
    connection: Connection,
    signals: MessageStream,
}

impl Bus {
    pub async fn connect() -> zbus::Result<Self> {
        let connection = Builder::session()?.method_timeout(PATIENCE).build().await?;
        let rule =
            MatchRule::builder().msg_type(Type::Signal).sender(NAME)?.interface(NAME)?.path(PATH)?.build();
        let signals = MessageStream::for_match_rule(rule, &connection, Some(QUEUED)).await?;
        Ok(Self { connection, signals })
    }

    /// Shows it, in the place of `replaced` unless that is 0. Answers with its number and when it was there.
    pub async fn notify(&self, notice: &Notice, open: &str, replaced: u32) -> zbus::Result<(u32, Moment)> {
        let sound = match notice.has_sound {
            true => ("sound-name", Value::from("message-new-instant")),
            false => ("suppress-sound", Value::from(true)),
        };
        let hints = HashMap::from([
            ("category", Value::from("im.received")),
            ("desktop-entry", Value::from(DESKTOP_ENTRY)),
            sound,
        ]);
        let body = escaped(&notice.body);
        // Without the default action no daemon reports a click at all.
        let actions = ["default", open];
        let (name, icon, title) = ("Kontor", "kontor", notice.title.as_str());
        let words = (name, replaced, icon, title, body, actions.as_slice(), hints, DAEMONS_CHOICE);
        let answer = self.connection.call_method(Some(NAME), PATH, Some(NAME), "Notify", &words).await?;
        Ok((answer.body().deserialize()?, answer.recv_position()))
    }

    /// Takes it away. That it is gone already is no error.
    pub async fn close(&self, id: u32) {
        let closed =
            self.connection.call_method(Some(NAME), PATH, Some(NAME), "CloseNotification", &id).await;
        if let Err(error) = closed {
            tracing::debug!(%error, "a notification could not be closed");
        }
    }

    /// The next click or end, of any program's notifications; none when the connection is over.
    pub async fn next(&mut self) -> Option<Event<Moment>> {
        loop {
            if let Some(event) = event(&self.signals.next().await?.ok()?) {
                return Some(event);
            }
        }
    }
}

fn event(message: &Message) -> Option<Event<Moment>> {
    let (header, body) = (message.header(), message.body());
    let (id, is_click) = match header.member()?.as_str() {
        "ActionInvoked" => {
            let (id, action) = body.deserialize::<(u32, &str)>().ok()?;
            (id, action == "default")
        }
        "NotificationClosed" => (body.deserialize::<(u32, u32)>().ok()?.0, false),
        _ => return None,
    };
    Some(Event { id, at: message.recv_position(), is_click })
}

/// Is this the end of the connection, and not the daemon's own answer?
pub fn is_broken(error: &Error) -> bool {
    matches!(error, Error::InputOutput(io) if io.kind() != std::io::ErrorKind::TimedOut)
}

/// Strangers write these texts; the daemon must show their tags, not obey them. That is done whatever the daemon says of
/// itself: dunst reads tags without naming `body-markup` among its capabilities, and where tags are not read an `&amp;` on
/// the screen harms less than a hidden link. A title is never read as markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_in_a_customers_text_are_shown_and_not_obeyed() {
        let text = "Graz & Linz <3 <a href=\"x\">y</a> &lt;";
        assert_eq!(escaped(text), "Graz &amp; Linz &lt;3 &lt;a href=\"x\"&gt;y&lt;/a&gt; &amp;lt;");
    }
}
