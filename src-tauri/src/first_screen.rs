//! What the first screen shows, answered before the page can ask: the answers lie in the page itself.
//!
//! The profile is open long before the web view has read the page; asking for the same things through the bridge only then
//! would be a round trip between a window and its first picture.

use api::App;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tauri::http::{Request, Response};

/// The questions, by name and arguments; the page knows them from the same file and takes the answers in its order.
const QUESTIONS: &str = include_str!("../../ui/src/host/first.json");

/// The answers, until the page takes them.
#[derive(Default)]
pub struct FirstScreen(Mutex<Answers>);

#[derive(Default)]
enum Answers {
    #[default]
    None,
    Ready(String),
    /// The page was read, with them or without.
    Over,
}

impl FirstScreen {
    /// Asks the core, if a profile is open: every other first screen asks for itself.
    pub async fn answer(&self, app: &App) {
        let questions: Vec<(String, Value)> =
            serde_json::from_str(QUESTIONS).expect("first.json holds names and arguments");
        let mut answers = Vec::with_capacity(questions.len());
        for (name, arguments) in questions {
            let answer = app.call(&name, arguments).await.ok();
            if name == "profile_status" && answer.as_ref().is_none_or(|status| status["state"] != "open") {
                return;
            }
            answers.push(answer.map(|answer| [answer]));
        }
        let mut now = self.lock();
        if matches!(*now, Answers::None) {
            *now = Answers::Ready(block(&answers));
        }
    }

    /// Lays them into the page when it is read for the first time: later they would be old.
    pub fn lay_into(&self, request: &Request<Vec<u8>>, page: &mut Response<Cow<'static, [u8]>>) {
        if request.uri().path() != "/" {
            return;
        }
        let before = std::mem::replace(&mut *self.lock(), Answers::Over);
        let Answers::Ready(block) = before else { return };
        if let Some(with_answers) = inserted(page.body(), &block) {
            *page.body_mut() = with_answers.into();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A block of data, which no policy runs; nothing in it ends it.
fn block(answers: &[Option<[Value; 1]>]) -> String {
    let json = serde_json::to_string(answers).expect("values are JSON").replace('<', "\\u003c");
    format!(r#"<script type="application/json" id="first-answers">{json}</script>"#)
}

fn inserted(page: &[u8], block: &str) -> Option<Vec<u8>> {
    let page = std::str::from_utf8(page).ok()?;
    let end = page.rfind("</body>")?;
    Some([&page[..end], block, &page[end..]].concat().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_message_ends_the_block_it_lies_in() {
        let told = [Some([json!({ "preview": "</script><script>alert(1)</script><!-- \u{2028}" })]), None];
        let block = block(&told);
        assert_eq!(block.matches('<').count(), 2, "its own two tags: {block}");
        let from = block.find('>').unwrap() + 1;
        let read: Value = serde_json::from_str(&block[from..block.rfind('<').unwrap()]).unwrap();
        assert_eq!(read, json!([[told[0].as_ref().unwrap()[0]], null]));
    }

    #[test]
    fn the_answers_are_in_the_page_once() {
        let first = FirstScreen(Mutex::new(Answers::Ready("ANSWERS".into())));
        let read = |path: &str| {
            let request =
                Request::builder().uri(format!("tauri://localhost{path}")).body(Vec::new()).unwrap();
            let mut page = Response::new(Cow::Borrowed(&b"<body>\xc3\xbc</body></html>"[..]));
            first.lay_into(&request, &mut page);
            String::from_utf8(page.into_body().into_owned()).unwrap()
        };
        assert_eq!(read("/assets/index.js"), "<body>ü</body></html>");
        assert_eq!(read("/"), "<body>üANSWERS</body></html>");
        assert_eq!(read("/"), "<body>ü</body></html>");
    }

    #[test]
    fn every_question_is_one_the_core_knows() {
        let questions: Vec<(String, Value)> = serde_json::from_str(QUESTIONS).unwrap();
        let generated = include_str!("../../ui/src/api/generated.ts");
        for (name, _) in questions {
            assert!(generated.contains(&format!("\n  {name}: {{ kind: 'query'; ")), "{name}");
        }
    }
}
