//! Invented corpora: a year's worth of customers in two languages, the same bytes for the same seed.

use super::Line;
use super::chance::{Chance, Zipf};
use super::words::Words;

/// 2026-11-01T00:00:00Z: not "now", since the same seed must give the same bytes tomorrow.
const END_MS: i64 = 1_793_491_200_000;
const SPAN_MS: i64 = 3 * 365 * 86_400_000;
const PLATFORMS: [&str; 4] = ["instagram", "messenger", "x", "whatsapp"];
const ACCOUNTS: usize = 12;
/// Messages of a conversation, on average.
const PER_CONVERSATION: usize = 10;
const EMOJI: [&str; 16] =
    ["😂", "❤️", "👍", "🙏", "😊", "🔥", "🎉", "😍", "😅", "👏", "🤔", "✨", "📦", "👟", "🇩🇪", "👩‍💻"];

/// A corpus in the making, in the order of time.
pub struct Corpus {
    chance: Chance,
    german: Words,
    english: Words,
    /// Which conversation each message belongs to.
    conversations: Vec<usize>,
    next: usize,
    /// The last message's words, for queries.
    words: Vec<String>,
}

impl Corpus {
    /// `count` messages of `count` / 10 conversations on 12 accounts of 4 platforms, over three years.
    pub fn new(count: usize, seed: u64) -> Self {
        let mut chance = Chance::of(seed);
        let (german, english) = (Words::german(&mut chance), Words::english(&mut chance));
        let conversations = spread(count, &mut chance);
        Self { chance, german, english, conversations, next: 0, words: Vec::new() }
    }

    /// The words of the message that came last, without what stands between them.
    pub fn last_words(&self) -> &[String] {
        &self.words
    }

    fn text(&mut self, is_german: bool) -> String {
        let Self { chance, german, english, words, .. } = self;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to 300")]
        let length = chance.lognormal(8.0, 0.9).round().clamp(1.0, 300.0) as usize;
        words.clear();
        let mut text = String::new();
        for place in 0..length {
            // Now and then a word of the other language slips in.
            let is_german = is_german != chance.happens(0.04);
            let word = (if is_german { &*german } else { &*english }).draw(chance);
            if place > 0 {
                text.push_str(if chance.happens(0.07) { ", " } else { " " });
            }
            text.push_str(word);
            words.push(word.to_owned());
        }
        if chance.happens(0.5) {
            text.push(*chance.pick(&['.', '!', '?']));
        }
        if chance.happens(0.05) {
            text += &format!(" #{}", 10_000 + chance.below(90_000));
        }
        if chance.happens(0.03) {
            text += &format!(" https://shop.example/p/{}", chance.below(100_000));
        }
        if chance.happens(0.22) {
            text.push(' ');
            for _ in 0..=chance.below(3) {
                text.push_str(EMOJI[chance.below(EMOJI.len())]);
            }
        }
        text
    }
}

impl Iterator for Corpus {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let (index, count) = (self.next, self.conversations.len());
        let conversation = *self.conversations.get(index)?;
        self.next += 1;
        let account = conversation * 7 % ACCOUNTS;
        let platform = PLATFORMS[account % PLATFORMS.len()];
        // A conversation keeps its language; five of eight are German.
        let text = self.text(conversation * 5 % 8 < 5);
        let is_inbound = self.chance.happens(0.58);
        let author = match is_inbound {
            true => format!("user{conversation}"),
            false => format!("agent{}", self.chance.below(8)),
        };
        let step_ms = SPAN_MS / i64::try_from(count).expect("a corpus has fewer than 2^63 lines");
        let within_ms = self.chance.below(usize::try_from(step_ms.max(1)).expect("a positive time"));
        let at_ms = END_MS - SPAN_MS + step_ms * i64::try_from(index).expect("see above");
        Some(Line {
            id: format!("{platform}_{account}_{index:x}"),
            platform: platform.to_owned(),
            account: u32::try_from(account).expect("there are twelve"),
            conversation: format!("c{conversation}"),
            sent_at_ms: at_ms + i64::try_from(within_ms).expect("less than three years"),
            is_inbound,
            author,
            text,
        })
    }
}

/// Every conversation gets one message for sure; the others follow Zipf, hot conversations anywhere among them.
fn spread(count: usize, chance: &mut Chance) -> Vec<usize> {
    let conversations = (count / PER_CONVERSATION).max(1);
    let ranks = Zipf::new(conversations, 20.0, 0.85);
    let by_rank = shuffled(conversations, chance);
    let mut all: Vec<usize> =
        (0..count.saturating_sub(conversations)).map(|_| by_rank[ranks.draw(chance)]).collect();
    all.extend(0..conversations.min(count));
    shuffled(all.len(), chance).into_iter().map(|place| all[place]).collect()
}

fn shuffled(count: usize, chance: &mut Chance) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for place in (1..count).rev() {
        order.swap(place, chance.below(place + 1));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn corpus(count: usize, seed: u64) -> Vec<Line> {
        Corpus::new(count, seed).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_corpus_and_another_seed_another_one() {
        assert_eq!(corpus(500, 7), corpus(500, 7));
        assert_ne!(corpus(500, 7), corpus(500, 8));
    }

    #[test]
    fn a_corpus_has_its_conversations_accounts_and_platforms_in_the_order_of_time() {
        let lines = corpus(2000, 1);
        assert_eq!(lines.len(), 2000);
        assert!(lines.is_sorted_by_key(|line| line.sent_at_ms));
        assert!(lines.iter().all(|line| line.sent_at_ms < END_MS && !line.text.is_empty()));
        let count = |of: fn(&Line) -> String| lines.iter().map(of).collect::<BTreeSet<_>>().len();
        assert_eq!(count(|line| line.id.clone()), 2000);
        assert_eq!(count(|line| line.conversation.clone()), 200);
        assert_eq!(count(|line| line.account.to_string()), 12);
        assert_eq!(count(|line| line.platform.clone()), 4);
        let inbound = lines.iter().filter(|line| line.is_inbound).count();
        assert!((1060..1260).contains(&inbound), "{inbound}");
    }

    #[test]
    fn texts_have_eight_words_in_the_middle_and_some_have_emoji() {
        let lines = corpus(2000, 1);
        let mut lengths: Vec<usize> = lines.iter().map(|line| line.text.split(' ').count()).collect();
        lengths.sort_unstable();
        assert!((7..=10).contains(&lengths[1000]), "{}", lengths[1000]);
        assert!(lengths[1999] > 60);
        assert!(lines.iter().any(|line| EMOJI.iter().any(|emoji| line.text.contains(emoji))));
    }

    #[test]
    fn a_line_is_written_as_it_is_read() {
        let line = corpus(10, 1).remove(3);
        let text = serde_json::to_string(&line).unwrap();
        assert!(text.starts_with(r#"{"id":""#) && text.contains(r#","conv":"c"#), "{text}");
        assert_eq!(serde_json::from_str::<Line>(&text).unwrap(), line);
    }
}
