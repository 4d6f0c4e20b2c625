//! Field expansion: `id,participants{id,name},messages.limit(5){id,from{id}}`.

use super::error::GraphError;

/// One asked-for field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub name: String,
    /// `.limit(5)` and the like, in order.
    pub modifiers: Vec<(String, String)>,
    pub children: Vec<Field>,
}

impl Field {
    pub fn named(name: &str) -> Field {
        Field { name: name.to_owned(), modifiers: Vec::new(), children: Vec::new() }
    }

    pub fn modifier(&self, name: &str) -> Option<&str> {
        self.modifiers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// Deeper nesting than this is refused.
const MAX_DEPTH: usize = 10;

pub(crate) fn parse(text: &str) -> Result<Vec<Field>, GraphError> {
    let mut reader = Reader { text, place: 0 };
    let fields = reader.list(0)?;
    if reader.place < text.len() { Err(reader.error("end of string")) } else { Ok(fields) }
}

struct Reader<'a> {
    text: &'a str,
    place: usize,
}

impl Reader<'_> {
    fn list(&mut self, depth: usize) -> Result<Vec<Field>, GraphError> {
        if depth > MAX_DEPTH {
            return Err(self.error("fewer levels"));
        }
        let mut fields = Vec::new();
        loop {
            let name = self.word();
            if name.is_empty() {
                return Err(self.error("a field name"));
            }
            let mut field = Field::named(&name);
            while self.take('.') {
                let modifier = self.word();
                if !self.take('(') {
                    return Err(self.error("'('"));
                }
                let end = self.text[self.place..].find(')').ok_or_else(|| self.error("')'"))?;
                let value = self.text[self.place..self.place + end].trim().to_owned();
                self.place += end + 1;
                field.modifiers.push((modifier, value));
            }
            if self.take('{') {
                field.children = self.list(depth + 1)?;
                if !self.take('}') {
                    return Err(self.error("'}'"));
                }
            }
            fields.push(field);
            if !self.take(',') {
                return Ok(fields);
            }
        }
    }

    fn word(&mut self) -> String {
        self.skip_space();
        let rest = &self.text[self.place..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.place += end;
        rest[..end].to_owned()
    }

    fn take(&mut self, wanted: char) -> bool {
        self.skip_space();
        let is_next = self.text[self.place..].starts_with(wanted);
        if is_next {
            self.place += wanted.len_utf8();
        }
        is_next
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.place..];
        self.place += rest.len() - rest.trim_start().len();
    }

    fn error(&self, wanted: &str) -> GraphError {
        let found: String = self.text[self.place..].chars().take(1).collect();
        let message = format!(
            "Syntax error \"Expected {wanted} instead of \"{found}\".\" at character {}: {}",
            self.place, self.text
        );
        GraphError::new(2500, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_expansions_with_modifiers_are_read() {
        let fields = parse("id, messages.limit(5).after(QVF){id,from{id,name}},updated_time").unwrap();
        assert_eq!(fields.len(), 3);
        assert_eq!(fields[1].modifier("limit"), Some("5"));
        assert_eq!(fields[1].modifier("after"), Some("QVF"));
        assert_eq!(fields[1].children[1].children[1], Field::named("name"));
    }

    #[test]
    fn broken_expansions_are_refused_with_2500() {
        for text in ["id,", "messages{id", "messages.limit(5{id}", "a}", "", "ä"] {
            assert_eq!(parse(text).unwrap_err().code, 2500, "{text}");
        }
    }
}
